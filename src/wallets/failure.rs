//! A holder's errors as a journey's failures: counted by their own kinds.

#![expect(clippy::needless_pass_by_value, reason = "`map_err` hands errors over")]

use std::{borrow::Cow, error::Error};

use crate::{
    aries::{controller::ControllerError, holder::HolderError, transport::FetchError},
    journey::{Failure, chain},
};

pub(super) fn holder(error: HolderError) -> Failure {
    failure(error.kind(), &error)
}

pub(super) fn controller(error: ControllerError) -> Failure {
    failure(error.kind(), &error)
}

pub(super) fn fetch(error: FetchError) -> Failure {
    failure(error.kind(), &error)
}

fn failure(kind: Cow<'static, str>, error: &dyn Error) -> Failure {
    Failure::new(kind, chain(error))
}
