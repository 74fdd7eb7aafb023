//! Lines of a crontab, and the fields that other cron libraries know: `0 5 * * *`, `@daily`, `0 0 12 * * ?`.

use super::{Advice, every};
use crate::cron::{is_like_a_field, no_year};

/// The nicknames whose meaning a statement can have.
const NICKNAMES: [(&str, &str); 7] = [
    ("@hourly", "hourly"),
    ("@daily", "daily"),
    ("@midnight", "daily"),
    ("@weekly", "weekly starting Sunday"),
    ("@monthly", "monthly"),
    ("@yearly", "yearly"),
    ("@annually", "yearly"),
];

pub(super) fn read(text: &str) -> Option<Advice> {
    let (zone, line) = zone(unwrapped(text));
    let advice = nickname(line).or_else(|| fields(line))?;
    Some(match zone {
        Some(zone) => Advice::new(
            format!(
                "{}; a zone follows the fields, or is the option `timezone` of the task",
                advice.said
            ),
            advice.write.map(|statement| format!("{statement} in {zone}")),
        ),
        None => advice,
    })
}

/// The line of `- cron: '0 5 * * *'`, as files of settings have it.
fn unwrapped(text: &str) -> &str {
    let value = text.trim_start_matches("- ").trim_start_matches("cron:");
    value.trim().trim_matches(['\'', '"'])
}

/// Splits off `CRON_TZ=Europe/Berlin`.
fn zone(text: &str) -> (Option<&str>, &str) {
    let named = text.strip_prefix("CRON_TZ=").or_else(|| text.strip_prefix("TZ="));
    match named.and_then(|rest| rest.split_once(char::is_whitespace)) {
        Some((zone, line)) => (Some(zone), line.trim_start()),
        None => (None, text),
    }
}

fn nickname(line: &str) -> Option<Advice> {
    let first = line
        .split_whitespace()
        .next()
        .filter(|word| word.starts_with('@'))?;
    let rest = line[first.len()..].trim_start();
    if first == "@reboot" {
        let said = "`@reboot` is not a schedule: give a task that runs when the app starts the option `on_startup = true`";
        return Some(Advice::new(said, None));
    }
    if first == "@every" {
        let said = "`@every` is how cron libraries of Go write an interval";
        return Some(Advice::new(said, every(rest)));
    }
    let (_, word) = NICKNAMES.iter().find(|(name, _)| *name == first)?;
    Some(Advice::new(
        format!("`{first}` is a nickname of crontabs"),
        Some((*word).to_owned()),
    ))
}

fn fields(line: &str) -> Option<Advice> {
    let fields: Vec<&str> = line
        .split_whitespace()
        .take_while(|word| is_like_a_field(word))
        .take(8)
        .collect();
    let is_whole = line.split_whitespace().count() == fields.len();
    if !fields.iter().take(2).all(|field| is_numeric(field)) {
        return None;
    }
    match fields.len() {
        5 if is_whole => Some(Advice::new(
            "this is a cron expression without the word `cron`",
            Some(format!("cron {}", fields.join(" "))),
        )),
        5 => Some(Advice::new(
            "this is a line of a crontab: a statement has only its five fields, because the task is the command",
            Some(format!("cron {}", fields.join(" "))),
        )),
        6 if is_whole => Some(with_seconds(&fields)),
        7 if is_whole => Some(with_year(&fields)),
        _ => None,
    }
}

/// Quartz and Spring put the seconds first. They count weekdays differently.
fn with_seconds(fields: &[&str]) -> Advice {
    let said = "this is a cron expression of six fields, with the seconds first";
    let is_quartz = fields.contains(&"?");
    if is_quartz && fields[5].bytes().any(|b| b.is_ascii_digit()) {
        let said = format!(
            "{said}; name its day of the week, such as `Mon`, because Quartz counts Sunday as 1 and cron as 0"
        );
        return Advice::new(said, None);
    }
    Advice::new(said, Some(format!("cron with seconds {}", starred(fields))))
}

/// Quartz may have the year last.
fn with_year(fields: &[&str]) -> Advice {
    if fields[6] == "*" {
        return with_seconds(&fields[..6]);
    }
    let said = "this is a cron expression of seven fields, with a year at the end";
    Advice::new(format!("{said}; {}", no_year(fields[6])), None)
}

/// The fields with `*` in place of `?`.
pub(super) fn starred(fields: &[&str]) -> String {
    let starred: Vec<&str> = fields
        .iter()
        .map(|&field| if field == "?" { "*" } else { field })
        .collect();
    starred.join(" ")
}

/// Returns true if a field has no names of months and weekdays.
fn is_numeric(field: &str) -> bool {
    field
        .bytes()
        .all(|b| !b.is_ascii_alphabetic() || matches!(b, b'H'))
}
