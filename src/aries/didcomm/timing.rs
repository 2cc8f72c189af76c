//! What the other side says that a message took it (`~timing`, RFC 0032).

use std::time::Duration;

use super::Message;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;
/// Longest time that is read, in bytes.
const LENGTH_MAX: usize = 40;

impl Message {
    /// From the moment at which its sender received what it answers to the moment at which it sent
    /// it, by the sender's own clock; `None` if it does not say.
    #[must_use]
    pub fn theirs(&self) -> Option<Duration> {
        let timing = self.fields.get("~timing")?;
        let moment = |field| moment(timing.get(field)?.as_str()?);
        let nanos = moment("out_time")?.checked_sub(moment("in_time")?)?;
        u64::try_from(nanos).ok().map(Duration::from_nanos)
    }
}

/// Nanoseconds since the epoch of a time such as `2026-11-20 12:00:01.123456Z` (RFC 0074 and ISO
/// 8601 write it with a space or a T); a time zone other than Z is left out of account, because both
/// times of a message are of one clock.
pub(in crate::aries) fn moment(text: &str) -> Option<i64> {
    let text = Some(text).filter(|it| it.len() <= LENGTH_MAX && it.is_ascii())?;
    let (date, time) = text.split_once(['T', ' '])?;
    let mut date = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let time = time.split(['Z', '+', '-']).next()?;
    let mut time = time.splitn(3, ':');
    let (hour, minute): (i64, i64) = (time.next()?.parse().ok()?, time.next()?.parse().ok()?);
    let (second, fraction) = time.next().map(|it| it.split_once('.').unwrap_or((it, "")))?;
    let second: i64 = second.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    // 64 bits of nanoseconds reach to the year 2262.
    let dated = (1970..=2261).contains(&year) && (1..=12).contains(&month);
    let dated = dated && (1..=31).contains(&day) && (0..24).contains(&hour);
    if !(dated && (0..60).contains(&minute) && (0..=60).contains(&second)) {
        return None;
    }
    let seconds = days(year, month, day) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
    Some(seconds * 1_000_000_000 + fraction)
}

/// Days from 1970-01-01, in the Gregorian calendar; years begin in March, so that a leap day is last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aries::didcomm::Kind;

    fn theirs(received: &str, sent: &str) -> Option<Duration> {
        let timing = json!({ "in_time": received, "out_time": sent });
        Message::new(Kind::new("trust_ping", 1, 0, "ping")).with("~timing", timing).theirs()
    }

    #[test]
    fn a_sender_says_what_it_took() {
        let took = theirs("2026-11-20T12:00:01.100000Z", "2026-11-20T12:00:01.350000Z");
        assert_eq!(took, Some(Duration::from_millis(250)));
        let over_midnight = theirs("2024-02-28 23:59:59Z", "2024-03-01 00:00:00.5Z");
        assert_eq!(over_midnight, Some(Duration::from_millis(86_401_500 - 500 + 500)));
    }

    #[test]
    fn a_clock_that_runs_backwards_or_none_says_nothing() {
        assert_eq!(theirs("2026-11-20T12:00:02Z", "2026-11-20T12:00:01Z"), None);
        for text in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-11-20T12:00Z",
            "9999999999999-1-1T1:1:1Z",
            "2026-11-20T9223372036854775807:1:1Z",
        ] {
            assert_eq!(theirs(text, "2026-11-20T12:00:01Z"), None, "{text}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 3, 1), 11_017);
        assert_eq!(days(2026, 11, 21), 20_778);
    }
}
