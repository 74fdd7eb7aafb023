//! Error messages for the cron expressions of other programs, which have more or fewer fields.

use std::ops::Range;

use super::role::Role;
use super::{Cron, fields, range_of};
use crate::ast::Delta;
use crate::cond::is_built_in;
use crate::error::{SyntaxError, SyntaxErrorKind};

const NICKNAMES: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// The words after `cron`, and their text.
struct Pasted<'w, 't> {
    text: &'t str,
    words: &'w [&'t str],
    seconds: bool,
}

/// The error for a missing expression.
pub(super) fn missing(text: &str, here: Range<usize>, seconds: bool) -> SyntaxError {
    let quoted = text[here.clone()].starts_with('\'');
    SyntaxError::new(SyntaxErrorKind::Cron, text, here, count_of_fields(seconds))
        .help(quoted.then_some("the fields stand without quotes"))
}

/// The error for too few or too many fields.
pub(super) fn miscounted<'t>(text: &'t str, words: &[&'t str], seconds: bool) -> SyntaxError {
    let pasted = Pasted { text, words, seconds };
    known(text, words)
        .or_else(|| pasted.nickname())
        .or_else(|| pasted.command())
        .or_else(|| pasted.with_blanks())
        .or_else(|| pasted.with_year())
        .or_else(|| pasted.of_aws())
        .or_else(|| pasted.without_seconds())
        .or_else(|| pasted.statement())
        .unwrap_or_else(|| pasted.mistake(words, count_of_fields(seconds)))
}

/// The error for extensions of other programs with any number of fields: a zone, or `H`.
pub(super) fn known<'t>(text: &'t str, words: &[&'t str]) -> Option<SyntaxError> {
    let pasted = Pasted {
        text,
        words,
        seconds: false,
    };
    pasted.zone().or_else(|| pasted.hash())
}

const fn count_of_fields(seconds: bool) -> &'static str {
    if seconds {
        "6 fields (second, minute, hour, day of month, month, day of week)"
    } else {
        "5 fields (minute, hour, day of month, month, day of week)"
    }
}

impl Pasted<'_, '_> {
    fn mistake(&self, words: &[&str], expected: &str) -> SyntaxError {
        SyntaxError::new(
            SyntaxErrorKind::Cron,
            self.text,
            range_of(self.text, words),
            expected,
        )
    }

    /// `CRON_TZ=Europe/Berlin 0 5 * * *`
    fn zone(&self) -> Option<SyntaxError> {
        let zone = self.words.first()?.split_once("TZ=")?.1;
        let help = format!(
            "the zone follows the fields, `in {zone}`, or is an option of the task: `timezone = \"{zone}\"`"
        );
        Some(self.mistake(&self.words[..1], "the fields").help(Some(help)))
    }

    /// `H 5 * * *` of Jenkins, which derives the minute from the name of the job.
    fn hash(&self) -> Option<SyntaxError> {
        let is_hash = |word: &&&str| {
            word.split(['/', '('])
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case("h"))
        };
        let word = self.words.iter().find(is_hash)?;
        let help = "`H` is known to Jenkins only: write a number, and spread starts by the option `jitter = \"…\"` of the task";
        Some(self.mistake(&[word], "a field with values").help(Some(help)))
    }

    /// `@daily`
    fn nickname(&self) -> Option<SyntaxError> {
        let name = self.words.first().filter(|name| name.starts_with('@'))?;
        let mistake = self.mistake(&self.words[..1], count_of_fields(self.seconds));
        Some(match name.to_ascii_lowercase().as_str() {
            "@reboot" => mistake.help(Some("a task with `on_startup = true` runs when the app starts")),
            "@every" => {
                let length: Option<Delta> = self.words[1..].join(" ").parse().ok();
                mistake.help(
                    length.map(|length| format!("an interval is a statement of its own: `every {length}`")),
                )
            }
            name => {
                let known = NICKNAMES.iter().find(|(known, _)| *known == name);
                let second = if self.seconds { "0 " } else { "" };
                mistake.suggest(known.map(|(_, fields)| format!("{second}{fields}")))
            }
        })
    }

    /// `0 5 * * Mon, Fri` or `0 5 * * Mon - Fri`
    fn with_blanks(&self) -> Option<SyntaxError> {
        let goes_on = |pair: &[&str]| pair[0].ends_with([',', '-']) || pair[1].starts_with([',', '-']);
        let first = self.words.windows(2).position(goes_on)?;
        let more = self.words[first..]
            .windows(2)
            .take_while(|pair| goes_on(pair))
            .count();
        let (before, rest) = self.words.split_at(first);
        let (parts, after) = rest.split_at(more + 1);
        let joined = parts.concat();
        let mended = [before, &[joined.as_str()], after].concat();
        let is_meant = mended.len() == fields::count(self.seconds)
            && Cron::parse(&mended.join(" "), self.seconds).is_ok();
        let mistake = self.mistake(parts, "a field without blanks");
        Some(mistake.suggest(is_meant.then_some(joined)))
    }

    /// `0 5 * * * root /usr/bin/backup`: a line of a crontab.
    fn command(&self) -> Option<SyntaxError> {
        let count = fields::count(self.seconds);
        let (expression, command) = self.words.split_at_checked(count)?;
        let (first, is_comment) = command.first().map(|word| (word, word.starts_with('#')))?;
        if (!is_comment && is_like_a_field(first)) || fields::sets(self.text, expression).is_err() {
            return None;
        }
        let help = if is_comment {
            "a statement has no comments"
        } else {
            "the task is what runs, so there is no user and no command here"
        };
        Some(
            self.mistake(command, &format!("the end after {count} fields"))
                .help(Some(help)),
        )
    }

    /// `0 0 12 * * ? 2026` of Quartz, where `0 0 12 * * ? *` is fine.
    fn with_year(&self) -> Option<SyntaxError> {
        let (year, fields) = self.words.split_last()?;
        let mistake = || {
            self.mistake(&[year], "`*` in place of the year")
                .help(Some(no_year(year)))
        };
        (self.seconds && fields.len() == fields::count(true)).then(mistake)
    }

    /// `0 12 * * ? *` of AWS, with a year after five fields. Its `?` is in the third or the fifth, that of Quartz in the
    /// fourth or the sixth.
    fn of_aws(&self) -> Option<SyntaxError> {
        let (year, fields) = self.words.split_last().filter(|_| !self.seconds)?;
        let [_, _, day_of_month, _, day_of_week] = fields else {
            return None;
        };
        if *day_of_month != "?" && *day_of_week != "?" {
            return None;
        }
        let mistake = self.mistake(self.words, count_of_fields(false));
        Some(match *year {
            "*" if has_number(day_of_week) => {
                mistake.help(Some(format!("leave out the year; {NAME_THE_DAYS}")))
            }
            "*" => mistake.suggest(Some(fields.join(" "))),
            _ => mistake.help(Some(no_year(year))),
        })
    }

    /// `every 5 minutes`, after `cron`
    fn statement(&self) -> Option<SyntaxError> {
        let is_short = self.words.len() < 9 && self.words.first() != Some(&"cron");
        let statement = Some(self.words.join(" ")).filter(|statement| is_short && is_built_in(statement))?;
        let help = format!("`{statement}` is a statement of its own, without `cron`");
        Some(
            self.mistake(self.words, count_of_fields(self.seconds))
                .help(Some(help)),
        )
    }

    /// `0 0 12 * * ?`
    fn without_seconds(&self) -> Option<SyntaxError> {
        if self.seconds || !(6..=7).contains(&self.words.len()) {
            return None;
        }
        let year = self.words.get(6).filter(|year| **year != "*");
        let is_of_quartz = self.words.contains(&"?") && has_number(self.words[5]);
        // The hint omits expressions with another meaning, so that users do not copy them.
        let (shown, more) = match (year, is_of_quartz) {
            (Some(year), _) => ("…".to_owned(), format!("; {}", no_year(year))),
            (None, true) => ("…".to_owned(), format!("; {NAME_THE_DAYS}")),
            _ => (self.words.join(" "), String::new()),
        };
        let help = format!(
            "if the seconds are first, write `cron with seconds {shown}`, or in Rust `cron_with_seconds(\"…\")`{more}"
        );
        Some(self.mistake(self.words, count_of_fields(false)).help(Some(help)))
    }
}

/// Says what to write for the years of a field.
pub(crate) fn no_year(years: &str) -> String {
    let (first, last) = years.split_once('-').unwrap_or((years, years));
    let is_year = |year: &str| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let (first, last) = if is_year(first) && is_year(last) {
        (first, last)
    } else {
        ("2027", "2027")
    };
    format!("cron has no years; limit the statement with `& from {first}-01-01 & until {last}-12-31`")
}

const NAME_THE_DAYS: &str = "Sunday is 0 here and 1 in Quartz and AWS, so name the days of the week";

fn has_number(day_of_week: &str) -> bool {
    day_of_week
        .split('#')
        .next()
        .is_some_and(|days| days.contains(|c: char| c.is_ascii_digit()))
}

/// Returns true if a word has only characters of cron fields.
pub(crate) fn is_like_a_field(word: &str) -> bool {
    let sign = |c: char| c.is_ascii_digit() || "*,-/#?+".contains(c);
    let name = |part: &str| {
        let letters = ["", "L", "W", "LW", "H"]
            .iter()
            .any(|letter| letter.eq_ignore_ascii_case(part));
        letters
            || Role::Month.value(part).is_some()
            || Role::DayOfWeek.value(part.trim_end_matches(['L', 'l'])).is_some()
    };
    word.split(sign).all(name)
}
