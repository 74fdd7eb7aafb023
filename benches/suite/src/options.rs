//! The command line.

use std::env;
use std::path::PathBuf;
use std::process::exit;
use std::str::FromStr;
use std::time::Duration;

use crate::contender::{ENTRANTS, Entrant, Role};

const USAGE: &str = "\
Usage: cargo bench --bench scheduler -- [OPTION]... [MEASURE]...

Measures ours, the floors and the peers in turn, and tells how much worse than the floor ours is. MEASURE is a
letter, A to L; without any, all but L are taken, which takes minutes.

  --quick         one round, smaller sizes, and no peers: all is over in a minute
  --growth        sizes from 100 to 1,000,000, for the chart
  --rounds N      how many rounds
  --peer-rounds N in how many of them the peers take part; in all, unless this says fewer, or with --quick in none
  --seconds N     begins no further round of a measure at one size after so many seconds
  --only NAME     only this contender, as the table calls it; may be given again
  --without NAME  all but this contender; may be given again
  --against FILE  tells what got worse than in FILE, which an earlier run has written (scheduler.json)
  --count N       measures nothing: makes N runs of A, B or E, or registers N tasks for D,
                  for a tool that counts instructions
  --help          this
";

/// The measure that is only taken when it is asked for.
const BY_HAND: char = 'L';

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    Quick,
    Full,
    Growth,
}

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) extent: Extent,
    pub(crate) rounds: usize,
    peer_rounds: Option<usize>,
    /// After which time no further round begins, of each measure at each size.
    pub(crate) limit: Duration,
    /// The letters of the measures; none are all.
    pub(crate) measures: Vec<char>,
    /// The names of the contenders; none are all.
    only: Vec<String>,
    without: Vec<String>,
    /// The figures of an earlier run to compare with.
    pub(crate) against: Option<PathBuf>,
    /// How many runs to make instead of measuring.
    pub(crate) count: Option<usize>,
}

impl Options {
    /// Reads the command line. Ends the program after a mistake, or when help is wanted.
    pub(crate) fn read() -> Options {
        Options::parse(env::args().skip(1)).unwrap_or_else(|mistake| {
            eprintln!("{mistake}\n\n{USAGE}");
            exit(2)
        })
    }

    fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
        let mut options = Options {
            extent: Extent::Full,
            rounds: 0,
            peer_rounds: None,
            limit: Duration::MAX,
            measures: Vec::new(),
            only: Vec::new(),
            without: Vec::new(),
            against: None,
            count: None,
        };
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
            match &*arg {
                "--quick" => options.extent = Extent::Quick,
                "--growth" => options.extent = Extent::Growth,
                "--rounds" => options.rounds = number(&arg, &value()?)?,
                "--peer-rounds" => options.peer_rounds = Some(number(&arg, &value()?)?),
                "--seconds" => options.limit = Duration::from_secs(number(&arg, &value()?)?),
                "--against" => options.against = Some(value()?.into()),
                "--count" => options.count = Some(number(&arg, &value()?)?),
                "--only" => options.only.push(contender(value()?)?),
                "--without" => options.without.push(contender(value()?)?),
                "--help" => {
                    print!("{USAGE}");
                    exit(0)
                }
                letter if matches!(letter.as_bytes(), [b'A'..=b'L' | b'a'..=b'l']) => {
                    options.measures.extend(letter.to_ascii_uppercase().chars());
                }
                other => return Err(format!("`{other}` is neither an option nor a measure")),
            }
        }
        if options.rounds == 0 {
            options.rounds = match options.extent {
                Extent::Full => 6,
                Extent::Growth => 2,
                Extent::Quick => 1,
            };
        }
        Ok(options)
    }

    pub(crate) fn wants_measure(&self, letter: char) -> bool {
        self.measures.contains(&letter) || (self.measures.is_empty() && letter != BY_HAND)
    }

    pub(crate) fn wants_contender(&self, name: &str) -> bool {
        let has = |names: &[String]| names.iter().any(|other| other == name);
        (self.only.is_empty() || has(&self.only)) && !has(&self.without)
    }

    /// Whether a contender takes part in a round.
    pub(crate) fn wants_in_round(&self, entrant: &Entrant, round: usize) -> bool {
        let peer_rounds = self.peer_rounds.unwrap_or(match self.extent {
            Extent::Quick => 0,
            Extent::Full | Extent::Growth => usize::MAX,
        });
        entrant.role != Role::Peer || round < peer_rounds
    }
}

fn number<T: FromStr>(option: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{option} needs a number, which `{text}` is not"))
}

/// A name that a contender has.
fn contender(name: String) -> Result<String, String> {
    if ENTRANTS.iter().any(|entrant| entrant.name == name) {
        return Ok(name);
    }
    let names: Vec<&str> = ENTRANTS.iter().map(|entrant| entrant.name).collect();
    Err(format!(
        "there is no contender `{name}`, but {}",
        names.join(", ")
    ))
}
