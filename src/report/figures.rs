//! How figures are written, for people: four digits and a unit.

use std::time::Duration;

const MICRO: u64 = 1_000;
const MILLI: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;

/// Writes a duration with four digits at most: `12µs`, `923.4ms`, `1m3.25s`.
pub(crate) fn span(duration: Duration) -> String {
    let nanos = four_digits(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
    match nanos {
        0 => "0s".into(),
        1..MICRO => format!("{nanos}ns"),
        MICRO..MILLI => decimal(nanos, MICRO) + "µs",
        MILLI..SECOND => decimal(nanos, MILLI) + "ms",
        _ => clock(nanos),
    }
}

/// Writes a number of bytes: `520 kB`, `3.0 kB`, `17 B`.
pub(crate) fn bytes(count: f64) -> String {
    let mut scaled = count;
    let mut units = ["B", "kB", "MB", "GB", "TB"].into_iter().peekable();
    while let Some(unit) = units.next() {
        if scaled < 999.5 || units.peek().is_none() {
            let decimals = usize::from(scaled < 9.95 && unit != "B");
            return format!("{scaled:.decimals$} {unit}");
        }
        scaled /= 1000.0;
    }
    unreachable!("the last unit takes any number")
}

/// Writes how much of a whole a part is, rounded down, so that 100 % means all: `99.99%`.
pub(crate) fn percent(part: u64, of: u64) -> String {
    let hundredths = u128::from(part) * 10_000 / u128::from(of.max(1));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Writes a number with four digits at least where it has them: `6.561`, `12345`, `0.5`.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        ..10.0 => 3,
        ..100.0 => 2,
        ..1000.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// Divides an amount by the length of the run; a run of no length has no rate.
#[expect(clippy::cast_precision_loss, reason = "four digits are written")]
pub(crate) fn per_second(amount: u64, run: Duration) -> f64 {
    if run.is_zero() { 0.0 } else { amount as f64 / run.as_secs_f64() }
}

/// Writes a time as ISO 8601 in UTC, to the second.
#[must_use]
pub fn utc(unix_ms: u64) -> String {
    let seconds = unix_ms / 1000;
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Makes text from elsewhere fit for a terminal: one line, no control characters, not endless.
pub(crate) fn tame(text: &str) -> String {
    const LENGTH_MAX: usize = 200;
    let mut tamed = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == LENGTH_MAX {
            tamed.push('…');
            break;
        }
        if c.is_control() { tamed.extend(c.escape_default()) } else { tamed.push(c) }
    }
    tamed
}

fn four_digits(nanos: u64) -> u64 {
    // Whole seconds are not rounded away, however many there are.
    let digits = nanos.checked_ilog10().unwrap_or(0) + 1;
    let step = 10_u64.pow(digits.saturating_sub(4).min(9));
    nanos.saturating_add(step / 2) / step * step
}

fn clock(nanos: u64) -> String {
    let (minutes, seconds) = (nanos / SECOND / 60, decimal(nanos % (60 * SECOND), SECOND));
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds}s"),
        (0, minutes) => format!("{minutes}m{seconds}s"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
    }
}

/// Writes `amount / unit` exactly, for a power of ten.
fn decimal(amount: u64, unit: u64) -> String {
    let width = unit.ilog10() as usize;
    let fraction = format!("{:0width$}", amount % unit);
    match fraction.trim_end_matches('0') {
        "" => format!("{}", amount / unit),
        digits => format!("{}.{digits}", amount / unit),
    }
}

/// Year, month and day of a day counted from 1970-01-01.
fn civil(day: u64) -> (u64, u64, u64) {
    // Years are counted from the 1st of March of year 0, so that the leap day is a year's last and
    // months have lengths of a regular pattern, 153 days in five; 400 years have 146,097 days.
    let day = day + 719_468;
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (carry, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    (era * 400 + year + carry, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_four_digits_and_the_unit_that_suits_them() {
        for (nanos, expected) in [
            (0, "0s"),
            (523, "523ns"),
            (12_000, "12µs"),
            (12_345, "12.35µs"),
            (999_960, "1ms"),
            (923_400_000, "923.4ms"),
            (1_200_000_000, "1.2s"),
            (59_996_000_000, "1m0s"),
            (63_250_000_000, "1m3.25s"),
            (3_725_000_000_000, "1h2m5s"),
            (123_456_400_000_000, "34h17m36s"),
        ] {
            assert_eq!(span(Duration::from_nanos(nanos)), expected);
        }
    }

    #[test]
    fn bytes_have_two_digits_at_least() {
        for (count, expected) in [
            (17.0, "17 B"),
            (999.7, "1.0 kB"),
            (3_000.0, "3.0 kB"),
            (520_300.0, "520 kB"),
            (5e15, "5000 TB"),
        ] {
            assert_eq!(bytes(count), expected);
        }
    }

    #[test]
    fn a_hundred_percent_means_all() {
        assert_eq!(percent(99_999, 100_000), "99.99%");
        assert_eq!(percent(5, 5), "100.00%");
        assert_eq!(percent(0, 0), "0.00%");
        assert_eq!(percent(u64::MAX, u64::MAX), "100.00%");
    }

    #[test]
    fn numbers_lose_no_digit_before_the_point() {
        for (value, expected) in
            [(6.561_23, "6.561"), (200.0, "200"), (123_456.7, "123457"), (0.5, "0.5"), (0.0, "0")]
        {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn dates_know_leap_years() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_200, "2024-03-01T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(utc(seconds * 1000), expected);
        }
    }

    #[test]
    fn text_from_elsewhere_cannot_command_the_terminal() {
        assert_eq!(tame("a\nb\u{1b}[2J"), "a\\nb\\u{1b}[2J");
        assert_eq!(tame(&"x".repeat(300)).chars().count(), 201);
    }
}
