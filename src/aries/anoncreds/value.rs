//! Attributes as the mathematics sees them: names without spaces and capitals, values as numbers.

use anoncreds_clsignatures as cl;
use sha2::{Digest, Sha256};

/// The name by which an attribute is found: without spaces and capitals.
#[must_use]
pub fn marker(name: &str) -> String {
    name.replace(' ', "").to_lowercase()
}

/// The number that stands for a value: itself when it is a whole number of 32 bits, else its SHA-256
/// as a decimal number.
///
/// # Panics
/// Never: a hash is a number.
#[must_use]
pub fn encoded(raw: &str) -> String {
    if let Ok(number) = raw.parse::<i32>() {
        return number.to_string();
    }
    let hash = Sha256::digest(raw.as_bytes());
    let number = cl::bn::BigNumber::from_bytes(&hash).and_then(|number| number.to_dec());
    number.expect("a hash is a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_spaces_and_capitals() {
        assert_eq!(marker("Full Name"), "fullname");
        assert_eq!(marker(" ÄGE\t"), "äge\t");
    }

    #[test]
    fn small_numbers_stand_for_themselves_and_all_else_is_hashed() {
        let hash_of_nothing =
            "102987336249554097029535212322581322789799900648198034993379397001115665086549";
        for (raw, number) in [
            ("0", "0"),
            ("-2147483648", "-2147483648"),
            ("2147483647", "2147483647"),
            ("007", "7"),
            ("+5", "5"),
            ("", hash_of_nothing),
            (
                "Alex",
                "99262857098057710338306967609588410025648622308394250666849665532448612202874",
            ),
            (
                "2147483648",
                "26221484005389514539852548961319751347124425277437769688639924217837557266135",
            ),
            (
                "None",
                "99769404535520360775991420569103450442789945655240760487761322098828903685777",
            ),
            (
                "0.0",
                "62838607218564353630028473473939957328943626306458686867332534889076311281879",
            ),
        ] {
            assert_eq!(encoded(raw), number, "{raw}");
        }
    }
}
