//! Claims about looking into files of rows.

mod cat;
mod compact;
mod show;
mod uncat;
