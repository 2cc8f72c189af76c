//! The `engine` command, with the journeys of `journeys/`.

#[expect(unreachable_pub, reason = "journeys read as a user's own crate would")]
#[path = "../journeys/mod.rs"]
mod journeys;

fn main() -> std::process::ExitCode {
    engine::main(journeys::all())
}
