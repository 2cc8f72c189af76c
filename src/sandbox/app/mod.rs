//! The web application: users are created, sign in, and are known from then on.

mod credentials;
mod database;
mod sessions;
mod users;
mod web;

pub(super) use self::{
    users::{Keeper, Users},
    web::{App, behind},
};
