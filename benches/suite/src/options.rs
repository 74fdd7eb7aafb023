//! The command line.

use std::env;
use std::process::exit;

const USAGE: &str = "\
Usage: cargo bench --bench scheduler -- [OPTION]... [MEASURE]...

Measures ours, the floors and the peers in turn, and tells how much worse than the floor ours is. MEASURE is a
letter, A to J; without any, all are taken.

  --quick         fewer rounds, smaller sizes: all is over in a minute
  --growth        sizes from 100 to 1,000,000, for the chart
  --rounds N      how many rounds
  --only NAME     only this contender, as the table calls it; may be given again
  --count N       measures nothing: makes N runs of A or B, or registers N tasks for D,
                  for a tool that counts instructions
  --help          this
";

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
    /// The letters of the measures; none are all.
    pub(crate) measures: Vec<char>,
    /// The names of the contenders; none are all.
    pub(crate) only: Vec<String>,
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
            measures: Vec::new(),
            only: Vec::new(),
            count: None,
        };
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
            match &*arg {
                "--quick" => options.extent = Extent::Quick,
                "--growth" => options.extent = Extent::Growth,
                "--rounds" => options.rounds = value()?.parse().map_err(|_| "--rounds needs a number")?,
                "--count" => options.count = Some(value()?.parse().map_err(|_| "--count needs a number")?),
                "--only" => options.only.push(value()?),
                "--help" => {
                    print!("{USAGE}");
                    exit(0)
                }
                letter if matches!(letter.as_bytes(), [b'A'..=b'J' | b'a'..=b'j']) => {
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
        self.measures.is_empty() || self.measures.contains(&letter)
    }

    pub(crate) fn wants_contender(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}
