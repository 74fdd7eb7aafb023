//! Executes commands against an app in the same process, for the tests of this crate.

use clap::FromArgMatches;
use rocketry_api::client::Client;

use crate::arguments::Arguments;
use crate::commands::Context;
use crate::exit::Failure;
use crate::output::{Output, Paint, Terminal};
use crate::reach::Reach;

/// Executes a command. Returns its output, and its exit code and message if it fails.
pub fn execute(client: &Client, words: &[&str], width: usize) -> (String, Option<(u8, String)>) {
    let words = ["shop"].iter().chain(words);
    let matches = Arguments::definition("shop").try_get_matches_from(words);
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(mistake) => {
            let code = u8::try_from(mistake.exit_code()).unwrap_or(2);
            return (String::new(), Some((code, mistake.to_string())));
        }
    };
    let mut printed = Vec::new();
    let terminal = Terminal {
        paint: Paint::Plain,
        width,
    };
    let mut context = Context {
        reach: Reach::fixed("shop".to_owned(), client.clone()),
        out: Output::new(arguments.common.output, terminal, &mut printed),
        definition: Arguments::definition,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let command = arguments.command.expect("a command");
    let done = runtime.block_on(command.execute(&mut context));
    let printed = String::from_utf8(printed).expect("text");
    (
        printed,
        done.err().map(|Failure { code, message }| (code as u8, message)),
    )
}

/// Returns the help of a command, or of the whole command line.
pub fn help(words: &[&str]) -> String {
    let words = ["shop"].iter().chain(words).chain(&["--help"]);
    let help = Arguments::definition("shop").try_get_matches_from(words);
    help.expect_err("help is not a command").to_string()
}
