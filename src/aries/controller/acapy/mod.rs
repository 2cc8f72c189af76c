//! What ACA-Py's admin API is asked, and where its answers stand.

mod connections;

pub(super) use connections::{
    CONNECTION_ID, Invitations, connection_of, connection_with, live, menu, message, ping,
    readiness,
};
