//! A credential's signature in few bytes.
//!
//! The numbers m2, a, e and v, each after its length in two bytes. If the credential can be revoked
//! there follow, in fixed widths: sigma, c, vr'', the witness signature's sigma and u, g and m2; and,
//! where it is another, the witness signature's g. Points are their affine coordinates; all is
//! big-endian.

use amcl::bn254::{big::MODBYTES, ecp::ECP, ecp2::ECP2};
use anoncreds_clsignatures as cl;
use cl::bn::BigNumber;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Bytes of a number below the curve's order.
const FACTOR: usize = MODBYTES;
/// Bytes of a point's coordinates in the first group.
const POINT: usize = 2 * MODBYTES;
/// Bytes of a point's coordinates in the second group, and of any point as the library writes it.
const POINT_2: usize = 4 * MODBYTES;
/// What an uncompressed point begins with, as the library writes those of the first group.
const UNCOMPRESSED: u8 = 4;
/// Most bytes of a number; the longest that honest issuers make has 341.
const NUMBER_MAX: usize = 512;

/// What of a signature the library tells nobody but by serialising it.
#[derive(Serialize, Deserialize)]
struct Signature {
    p_credential: Primary,
    r_credential: Option<Revocable>,
}

#[derive(Serialize, Deserialize)]
struct Primary {
    m_2: BigNumber,
    a: BigNumber,
    e: BigNumber,
    v: BigNumber,
}

#[derive(Serialize, Deserialize)]
struct Revocable {
    sigma: Vec<u8>,
    c: Vec<u8>,
    vr_prime_prime: Vec<u8>,
    witness_signature: Witnessing,
    g_i: Vec<u8>,
    i: u32,
    m2: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Witnessing {
    #[serde(rename = "sigma_i")]
    sigma: Vec<u8>,
    #[serde(rename = "u_i")]
    u: Vec<u8>,
    #[serde(rename = "g_i")]
    g: Vec<u8>,
}

/// Writes all of a signature but its index.
pub(super) fn write(signature: &cl::CredentialSignature) -> Result<Vec<u8>, cl::Error> {
    let Signature { p_credential, r_credential } = mirrored(signature)?;
    let mut bytes = Vec::new();
    for number in [&p_credential.m_2, &p_credential.a, &p_credential.e, &p_credential.v] {
        let digits = number.to_bytes()?;
        if number.is_negative() || digits.len() > NUMBER_MAX {
            return Err(invalid());
        }
        let length = u16::try_from(digits.len()).map_err(|_| invalid())?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(digits);
    }
    let Some(it) = r_credential else { return Ok(bytes) };
    bytes.extend(coordinates(&it.sigma)?);
    for whole in [&it.c, &it.vr_prime_prime, &it.witness_signature.sigma, &it.witness_signature.u] {
        bytes.extend(whole);
    }
    bytes.extend(coordinates(&it.g_i)?);
    bytes.extend(&it.m2);
    if it.witness_signature.g != it.g_i {
        bytes.extend(coordinates(&it.witness_signature.g)?);
    }
    Ok(bytes)
}

/// Reads what was written; with an index the credential can be revoked.
pub(super) fn read(
    mut bytes: &[u8],
    index: Option<u32>,
) -> Result<cl::CredentialSignature, cl::Error> {
    let rest = &mut bytes;
    let p_credential =
        Primary { m_2: number(rest)?, a: number(rest)?, e: number(rest)?, v: number(rest)? };
    let r_credential = match index {
        Some(i) => Some(revocable(rest, i)?),
        None => None,
    };
    if !rest.is_empty() {
        return Err(invalid());
    }
    mirrored(&Signature { p_credential, r_credential })
}

fn revocable(rest: &mut &[u8], i: u32) -> Result<Revocable, cl::Error> {
    let sigma = point(rest)?;
    let [c, vr_prime_prime] = [take(rest, FACTOR)?, take(rest, FACTOR)?].map(<[u8]>::to_vec);
    let [witness_sigma, u] = [point_2(rest)?, point_2(rest)?];
    let g_i = point(rest)?;
    let m2 = take(rest, FACTOR)?.to_vec();
    let g = if rest.is_empty() { g_i.clone() } else { point(rest)? };
    let witness_signature = Witnessing { sigma: witness_sigma, u, g };
    Ok(Revocable { sigma, c, vr_prime_prime, witness_signature, g_i, i, m2 })
}

fn number(rest: &mut &[u8]) -> Result<BigNumber, cl::Error> {
    let length = take(rest, 2)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    if length > NUMBER_MAX {
        return Err(invalid());
    }
    BigNumber::from_bytes(take(rest, length)?)
}

/// A point of the first group as the library reads it, which takes any that is none for infinity.
fn point(rest: &mut &[u8]) -> Result<Vec<u8>, cl::Error> {
    let mut bytes = vec![0; POINT_2];
    bytes[0] = UNCOMPRESSED;
    bytes[1..=POINT].copy_from_slice(take(rest, POINT)?);
    if ECP::frombytes(&bytes).is_infinity() { Err(invalid()) } else { Ok(bytes) }
}

/// The same of the second group.
fn point_2(rest: &mut &[u8]) -> Result<Vec<u8>, cl::Error> {
    let bytes = take(rest, POINT_2)?.to_vec();
    if ECP2::frombytes(&bytes).is_infinity() { Err(invalid()) } else { Ok(bytes) }
}

fn coordinates(point: &[u8]) -> Result<&[u8], cl::Error> {
    point.get(1..=POINT).ok_or_else(invalid)
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], cl::Error> {
    rest.split_off(..count).ok_or_else(invalid)
}

/// The same as another type, by way of a form that has points as bytes.
fn mirrored<T: DeserializeOwned>(it: &impl Serialize) -> Result<T, cl::Error> {
    let bytes = rmp_serde::to_vec_named(it).map_err(|_| invalid())?;
    rmp_serde::from_slice(&bytes).map_err(|_| invalid())
}

/// What is wrong stays unsaid, because a signature is secret.
fn invalid() -> cl::Error {
    cl::Error::new(cl::ErrorKind::InvalidState, "its signature is none")
}
