//! `log`: the run log.

use std::collections::HashSet;
use std::io::{IsTerminal as _, stdout};

use clap::Args;
use rocketry_api::client::Client;
use rocketry_api::instant::{Reading, Side};
use rocketry_api::{AppInfo, CountFilter, LogFilter, LogQuery};
use rocketry_core::{Event, Record, RunId};

use super::context::Context;
use super::record::{self, FIELDS, line};
use crate::exit::Outcome;
use crate::output::{Format, Listing, Output, Progress, When};

/// The number of records to read at a time.
const PAGE: usize = 1000;

/// Shows the run log: what happened to runs, and when
#[derive(Debug, Args)]
#[command(after_help = "\
A query is a list of terms; a record has to fit all of them:
  task:fetch,report   action:fail,crash   run:ID   message:\"no network\"   timeout (a bare word is part of the message)
  since:2h  until:2026-01-31  created:yesterday  due:2026-01-01..2026-02-01  start:…  end:…
  runtime:>10s  lateness:1m..1h  param.day:2026-01-01  output:text  result:text  exit:1  signal:9  version:1.2

Examples:
  log                                     the last hundred records
  log action:fail since:1d                the failures of a day
  log task:fetch param.day:2026-01-01     the runs of one day's data
  log --follow task:fetch                 what happens to a task from now on
  log --all -o csv since:30d > log.csv    a month, for a spreadsheet")]
pub(crate) struct Log {
    /// The query, as one argument or several
    query: Vec<String>,
    /// The number of records to show, the newest ones
    #[arg(long, short = 'n', value_name = "NUMBER", default_value_t = 100)]
    lines: usize,
    /// Shows all matching records
    #[arg(long, conflicts_with = "lines")]
    all: bool,
    /// Continues with new records
    #[arg(long, short)]
    follow: bool,
}

impl Log {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let query = joined(&self.query);
        if self.follow {
            return self.follow(context, &query).await;
        }
        let client = context.reach.reader().await?;
        tell_of_names(&client, &self.query).await;
        let app = client.app().await?;
        let filter = LogFilter {
            q: Some(query),
            ..LogFilter::default()
        };
        if self.all {
            return all(&client, filter, &app, &mut context.out).await;
        }
        let records = newest(&client, filter, self.lines).await?;
        context
            .out
            .list(&records, FIELDS, |_| record::table(&records, when(&app)))
    }

    /// Shows the newest records, followed by new ones.
    async fn follow(self, context: &mut Context<'_>, query: &str) -> Outcome {
        let client = context.reach.steerer().await?;
        tell_of_names(&client, &self.query).await;
        let app = client.app().await?;
        let mut events = client.events().await?;
        let filter = LogFilter {
            q: Some(query.to_owned()),
            ..LogFilter::default()
        };
        let records = newest(&client, filter, self.lines).await?;
        if context.out.format == Format::Csv {
            context.out.line(FIELDS.join(","))?;
        }
        let mut wanted = Wanted::new(&client, &app, query).await?;
        let mut shown = HashSet::new();
        for record in &records {
            shown.insert((record.run_id.clone(), record.action));
            context
                .out
                .item(record, FIELDS, |out| line(record, when(&app), out))?;
        }
        while let Some(event) = events.next().await? {
            let (Event::Started(record) | Event::Ended(record)) = event else {
                continue;
            };
            // It may have been among the newest records as well.
            if wanted.admits(&record) && !shown.remove(&(record.run_id.clone(), record.action)) {
                let now = When {
                    now: record.created,
                    zone: app.zone,
                };
                context.out.item(&record, FIELDS, |out| line(&record, now, out))?;
            }
        }
        Ok(())
    }
}

/// Points out that a word is searched in messages although it is the name of a task, which was probably
/// meant.
async fn tell_of_names(client: &Client, words: &[String]) {
    for word in words.iter().filter(|word| !word.contains([':', ' '])) {
        if client.task(word).await.is_ok() {
            eprintln!(
                "note: `{word}` is searched for in messages; `task:{word}` finds the records of the task"
            );
        }
    }
}

/// Joins the arguments into a query. A shell has removed the quotes around a value with blanks.
pub(super) fn joined(words: &[String]) -> String {
    let quoted = words.iter().map(|word| match word.split_once(':') {
        Some((key, value)) if value.contains(' ') && !value.contains('"') && !has_term(value) => {
            format!("{key}:\"{value}\"")
        }
        _ => word.clone(),
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// Returns true if an argument contains another term, such as `fetch action:fail`.
fn has_term(value: &str) -> bool {
    let is_key = |key: &str| key.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut words = value.split(' ').skip(1);
    words.any(|word| word.split_once(':').is_some_and(|(key, _)| is_key(key)))
}

fn when(app: &AppInfo) -> When {
    When {
        now: app.now,
        zone: app.zone,
    }
}

/// The newest records, in ascending order.
async fn newest(client: &Client, filter: LogFilter, most: usize) -> Outcome<Vec<Record>> {
    let mut filter = LogFilter {
        newest_first: true,
        ..filter
    };
    let mut records = Vec::new();
    while records.len() < most {
        filter.limit = Some((most - records.len()).min(PAGE));
        let page = client.log(&filter).await?;
        records.extend(page.items);
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => break,
        }
    }
    records.truncate(most);
    records.reverse();
    Ok(records)
}

/// Prints all records, oldest first. No more than a page of them is held in memory.
async fn all(client: &Client, mut filter: LogFilter, app: &AppInfo, out: &mut Output<'_>) -> Outcome {
    // A bar would be drawn between the records.
    let progress = if stdout().is_terminal() {
        None
    } else {
        let count = CountFilter {
            q: filter.q.clone(),
            most: Some(usize::MAX),
        };
        Some(Progress::new("records", client.log_count(&count).await?.count))
    };
    filter.limit = Some(PAGE);
    let mut listing = Listing::new(FIELDS);
    loop {
        let page = client.log(&filter).await?;
        listing.page(out, &page.items, |_| record::table(&page.items, when(app)))?;
        if let Some(progress) = &progress {
            progress.advance(page.items.len());
        }
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return listing.end(out),
        }
    }
}

/// The new records that match.
struct Wanted {
    query: LogQuery,
    /// Runs that started with the parameters of the query.
    runs: HashSet<RunId>,
}

impl Wanted {
    async fn new(client: &Client, app: &AppInfo, text: &str) -> Outcome<Self> {
        let reading = Reading {
            now: app.now,
            zone: app.zone,
            side: Side::Past,
        };
        let mut query = LogQuery::parse(text, &reading)?;
        for name in &mut query.query.tasks {
            *name = client.task(name).await?.name.to_string();
        }
        Ok(Wanted {
            query,
            runs: HashSet::new(),
        })
    }

    fn admits(&mut self, record: &Record) -> bool {
        if !self.query.params.is_empty() {
            if !record.action.is_end() && self.query.admits_params(record) {
                self.runs.insert(record.run_id.clone());
            }
            let is_of_run = if record.action.is_end() {
                self.runs.remove(&record.run_id)
            } else {
                self.runs.contains(&record.run_id)
            };
            return is_of_run && self.query.query.admits(record);
        }
        self.query.query.admits(record)
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_value_with_blanks_is_quoted_again() {
        let words = ["task:fetch", "message:no network", "since:2026-01-01 07:00"].map(str::to_owned);
        assert_eq!(
            joined(&words),
            "task:fetch message:\"no network\" since:\"2026-01-01 07:00\""
        );
        assert_eq!(
            joined(&["task:fetch action:fail".to_owned()]),
            "task:fetch action:fail"
        );
    }
}
