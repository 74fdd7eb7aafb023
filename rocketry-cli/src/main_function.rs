//! The implementation of `main`.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::FromArgMatches;
use rocketry_core::{Rocketry, is_child};

use crate::arguments::Arguments;
use crate::commands::{Command, Context};
use crate::common::Common;
use crate::exit::{EXIT_CODES, Failure, Outcome};
use crate::output::{Output, Terminal};
use crate::reach::Reach;

/// Parses the arguments and executes the command.
pub(crate) fn main(app: Rocketry) -> ExitCode {
    if is_child() {
        // The process of a single run ends here.
        return ended(app.run().map_err(Failure::from));
    }
    let mut words: Vec<OsString> = env::args_os().collect();
    let name = name(words.first());
    let of_app = app.command_line_options();
    words = leave_to_app(words, &of_app);
    let version = app.declared_version().map(str::to_owned);
    let arguments = match parse(&name, version, &of_app, words) {
        Ok(arguments) => arguments,
        Err(mistake) => {
            // The error of writing to standard error is ignored.
            let _ = mistake.print();
            return ExitCode::from(u8::try_from(mistake.exit_code()).unwrap_or(2));
        }
    };
    ended(act(app, name, arguments))
}

/// The name of the app, which is that of its program.
fn name(program: Option<&OsString>) -> String {
    let stem = program.and_then(|program| Path::new(program).file_stem());
    stem.map_or_else(|| "app".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn parse(
    name: &str,
    version: Option<String>,
    of_app: &[String],
    words: Vec<OsString>,
) -> Result<Arguments, clap::Error> {
    let mut command = Arguments::definition(name);
    if let Some(version) = version {
        command = command.version(version);
    }
    if !of_app.is_empty() {
        let options = format!("Options that this app reads itself: {}", of_app.join(", "));
        let with_codes = format!("{options}\n\n{EXIT_CODES}");
        command = command.after_help(options).after_long_help(with_codes);
    }
    let matches = command.try_get_matches_from(words)?;
    Arguments::from_arg_matches(&matches)
}

/// Removes the options that the app reads itself.
fn leave_to_app(words: Vec<OsString>, options: &[String]) -> Vec<OsString> {
    let mut left = Vec::new();
    let mut words = words.into_iter();
    left.extend(words.next());
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        let of_app = |option: &&String| option.starts_with('-') && text.starts_with(option.as_str());
        match options.iter().find(of_app).map(|option| &text[option.len()..]) {
            Some("") => drop(words.next()),
            Some(rest) if rest.starts_with('=') => {}
            _ => left.push(word),
        }
    }
    left
}

fn act(app: Rocketry, name: String, arguments: Arguments) -> Outcome {
    let Arguments { common, command } = arguments;
    let command = command.unwrap_or_default();
    let reach = Reach::new(name, common.socket.clone(), app);
    match command {
        Command::Run(run) if run.is_of_the_app() => run.run_app(reach, &common),
        command => on_a_runtime(reach, &common, command),
    }
}

fn on_a_runtime(reach: Reach, common: &Common, command: Command) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::failed)?;
    let mut stdout = std::io::stdout();
    let terminal = Terminal::of_stdout(common.no_color);
    let mut context = Context {
        reach,
        out: Output::new(common.output, terminal, &mut stdout),
        definition: Arguments::definition,
    };
    let done = runtime.block_on(command.execute(&mut context));
    // A thread may still be reading the log for a response that is no longer needed.
    runtime.shutdown_background();
    done
}

fn ended(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            failure.code.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::leave_to_app;

    #[test]
    fn the_options_of_the_app_are_left_out() {
        let words = [
            "app",
            "--mode",
            "fast",
            "tasks",
            "--mode=slow",
            "--modest",
            "-o",
            "json",
        ];
        let left = leave_to_app(words.map(OsString::from).to_vec(), &["--mode".to_owned()]);
        assert_eq!(left, ["app", "tasks", "--modest", "-o", "json"]);
    }
}
