//! Which names a journey may record rows under.

use thiserror::Error;

/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 100;

/// Why nothing can be recorded under a name.
#[derive(Debug, Error, PartialEq, Eq)]
pub(super) enum NameError {
    #[error("cannot record under an empty name: give one, such as \"holders\"")]
    Empty,
    #[error(
        "name `{0}…` is longer than {NAME_BYTES_MAX} bytes: shorten it, such as to \"holders\""
    )]
    TooLong(String),
    #[error("name {0:?} begins with a dot: begin it otherwise, such as \"holders.v2\"")]
    Hidden(String),
    #[error(
        "name {0:?} holds {1:?}: only letters, digits, `-`, `_` and `.` may be in one, such as \"holders-2\""
    )]
    Character(String, char),
}

/// The file in which the rows of `name` are kept.
pub(super) fn file_name(name: &str) -> Result<String, NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > NAME_BYTES_MAX {
        return Err(NameError::TooLong(name.chars().take(20).collect()));
    }
    if name.starts_with('.') {
        return Err(NameError::Hidden(name.into()));
    }
    match name.chars().find(|it| !(it.is_ascii_alphanumeric() || "-_.".contains(*it))) {
        Some(wrong) => Err(NameError::Character(name.into(), wrong)),
        None => Ok(format!("{name}.msgpack")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_letters_digits_and_three_signs() {
        for name in ["holders", "a", "Holders-2_b.v3", "7", "_x", "-", &"x".repeat(100)] {
            assert_eq!(file_name(name).unwrap(), format!("{name}.msgpack"));
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_a_right_one() {
        let long = "y".repeat(101);
        let answers: Vec<_> = ["", ".lock", "../escaped", "a/b", "a\0b", "zoë", "a b", &long]
            .map(|name| file_name(name).unwrap_err().to_string())
            .into();
        insta::assert_snapshot!(answers.join("\n"), @r#"
        cannot record under an empty name: give one, such as "holders"
        name ".lock" begins with a dot: begin it otherwise, such as "holders.v2"
        name "../escaped" begins with a dot: begin it otherwise, such as "holders.v2"
        name "a/b" holds '/': only letters, digits, `-`, `_` and `.` may be in one, such as "holders-2"
        name "a\0b" holds '\0': only letters, digits, `-`, `_` and `.` may be in one, such as "holders-2"
        name "zoë" holds 'ë': only letters, digits, `-`, `_` and `.` may be in one, such as "holders-2"
        name "a b" holds ' ': only letters, digits, `-`, `_` and `.` may be in one, such as "holders-2"
        name `yyyyyyyyyyyyyyyyyyyy…` is longer than 100 bytes: shorten it, such as to "holders"
        "#);
    }

    proptest! {
        #[test]
        fn no_name_leaves_the_directory(name in ".{0,12}") {
            if let Ok(file) = file_name(&name) {
                let parts: Vec<_> = Path::new(&file).components().collect();
                prop_assert!(matches!(parts[..], [Component::Normal(_)]));
                prop_assert!(!file.starts_with('.'));
            }
        }
    }
}
