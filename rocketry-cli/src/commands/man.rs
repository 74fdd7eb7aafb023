//! `man`: manual pages.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use clap::Args;
use clap_mangen::Man as Page;
use rocketry_syntax::suggest::nearest;

use super::context::Context;
use crate::exit::{Failure, Outcome};

/// Prints a manual page, or writes all of them into a folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  man | man -l -                               reads the page of the app at once
  man log | man -l -                           that of a command
  man --folder ~/.local/share/man/man1         for `man myapp`, `man myapp-log` and so on")]
pub(crate) struct Man {
    /// The command
    command: Option<String>,
    /// Writes a page for each command into this folder
    #[arg(long, value_name = "PATH", conflicts_with = "command")]
    folder: Option<PathBuf>,
}

impl Man {
    pub(crate) fn execute(self, context: &mut Context<'_>) -> Outcome {
        let mut command = (context.definition)(context.reach.name());
        command.build();
        if let Some(folder) = self.folder {
            fs::create_dir_all(&folder).map_err(Failure::failed)?;
            let pages = write(&command, context.reach.name(), &folder)?;
            let told = format!("wrote {pages} manual pages into `{}`", folder.display());
            return context.out.line(told);
        }
        let page = match &self.command {
            None => Page::new(command),
            Some(name) => of_command(&command, context.reach.name(), name)?,
        };
        let mut text = Vec::new();
        page.render(&mut text).map_err(Failure::failed)?;
        context.out.text(&String::from_utf8_lossy(&text))
    }
}

/// The page of one command.
fn of_command(all: &clap::Command, app: &str, name: &str) -> Outcome<Page> {
    let shown = || all.get_subcommands().filter(|command| !command.is_hide_set());
    let command = shown()
        .find(|command| command.get_name() == name)
        .ok_or_else(|| {
            let near = nearest(name, shown().map(clap::Command::get_name));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Failure::usage(format!("there is no command `{name}`{near}"))
        })?;
    Ok(Page::new(command.clone().name(format!("{app}-{name}"))))
}

/// Writes the page of a command and those of its subcommands. Returns their number.
fn write(command: &clap::Command, name: &str, folder: &Path) -> Outcome<usize> {
    let page = Page::new(command.clone().name(name.to_owned()));
    let file = folder.join(format!("{name}.1"));
    File::create(&file)
        .and_then(|mut file| page.render(&mut file))
        .map_err(|cause| Failure::failed(format!("{}: {cause}", file.display())))?;
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    shown.into_iter().try_fold(1, |pages, inner| {
        Ok(pages + write(inner, &format!("{name}-{}", inner.get_name()), folder)?)
    })
}
