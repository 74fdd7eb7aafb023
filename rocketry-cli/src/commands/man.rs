//! `man`: manual pages.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use clap::Args;
use clap_mangen::Man as Page;

use super::context::Context;
use crate::exit::{Failure, Outcome};

/// Prints a manual page, or writes one for each command into a folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  man | man -l -                               reads it at once
  man ~/.local/share/man/man1                  for `man myapp`, `man myapp-tasks` and so on")]
pub(crate) struct Man {
    /// The folder
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
        let mut page = Vec::new();
        Page::new(command).render(&mut page).map_err(Failure::failed)?;
        context.out.text(&String::from_utf8_lossy(&page))
    }
}

/// Writes the page of a command and those of its subcommands. Returns how many there are.
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
