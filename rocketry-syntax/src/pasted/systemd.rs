//! Calendar events of systemd: `Mon..Fri *-*-* 06:00:00`, `*:0/15`, `*-*-01`.

use super::{Advice, iso8601};

const SAID: &str = "this is a calendar event of systemd";

/// The parts of a calendar event, as fields of a cron expression.
struct Event {
    day_of_week: String,
    day_of_month: String,
    month: String,
    hour: String,
    minute: String,
    second: String,
    zone: Option<String>,
}

pub(super) fn read(text: &str) -> Option<Advice> {
    let event = text.strip_prefix("OnCalendar=").unwrap_or(text);
    if event.len() == text.len() && !is_typical(event) {
        return None;
    }
    if let Some(instant) = iso8601::instant(event) {
        return Some(Advice::new(SAID, Some(format!("once at {instant}"))));
    }
    let statement = if event.split_whitespace().count() == 1 && event.bytes().all(|b| b.is_ascii_lowercase())
    {
        Some(event.to_owned())
    } else {
        Event::read(event).map(|event| event.statement())
    };
    (statement.is_some() || event.len() < text.len()).then(|| Advice::new(SAID, statement))
}

/// Returns true if a text has what only calendar events have: `Mon..Fri`, `*-*-01`, `*:0/15`.
fn is_typical(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let starred = word.contains('*') || word.contains('/');
        word.contains("..") || word.contains("*-") || (starred && word.contains(':'))
    })
}

impl Event {
    fn read(text: &str) -> Option<Self> {
        let mut event = Self {
            day_of_week: "*".to_owned(),
            day_of_month: "*".to_owned(),
            month: "*".to_owned(),
            hour: "0".to_owned(),
            minute: "0".to_owned(),
            second: "0".to_owned(),
            zone: None,
        };
        for word in text.split_whitespace() {
            if word == "UTC" || (word.contains('/') && word.starts_with(|c: char| c.is_ascii_alphabetic())) {
                event.zone = Some(word.to_owned());
            } else if word.contains(':') {
                event.read_time(word)?;
            } else if word.contains('*') || word.bytes().any(|b| b.is_ascii_digit()) {
                event.read_date(word)?;
            } else {
                event.day_of_week = field(word)?;
            }
        }
        Some(event)
    }

    fn read_time(&mut self, word: &str) -> Option<()> {
        let mut parts = word.split(':');
        self.hour = field(parts.next()?)?;
        self.minute = field(parts.next()?)?;
        self.second = field(parts.next().unwrap_or("0"))?;
        parts.next().is_none().then_some(())
    }

    /// A date with a single year does not recur.
    fn read_date(&mut self, word: &str) -> Option<()> {
        let word = word
            .strip_prefix("*-")
            .filter(|rest| rest.contains('-'))
            .unwrap_or(word);
        let (month, day) = word.split_once('-')?;
        self.month = field(month)?;
        self.day_of_month = field(day)?;
        Some(())
    }

    fn statement(&self) -> String {
        let Self {
            day_of_week,
            day_of_month,
            month,
            hour,
            minute,
            second,
            zone,
        } = self;
        let fields = format!("{minute} {hour} {day_of_month} {month} {day_of_week}");
        let cron = if second == "0" {
            format!("cron {fields}")
        } else {
            format!("cron with seconds {second} {fields}")
        };
        match zone {
            Some(zone) => format!("{cron} in {zone}"),
            None => cron,
        }
    }
}

/// A field of a cron expression: `Mon-Fri` from `Mon..Fri`, `*/15` from `0/15`, `6` from `06`.
fn field(text: &str) -> Option<String> {
    let items: Option<Vec<String>> = text.split(',').map(item).collect();
    Some(items?.join(","))
}

fn item(text: &str) -> Option<String> {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (text, None),
    };
    let values: Vec<&str> = range.split("..").map(value).collect();
    let range = match (values.as_slice(), step) {
        (["0"], Some(_)) => "*".to_owned(),
        ([first], _) => (*first).to_owned(),
        ([first, last], _) => format!("{first}-{last}"),
        _ => return None,
    };
    Some(match step {
        Some(step) => format!("{range}/{step}"),
        None => range,
    })
}

/// A number without zeros in front, the three letters of a name, or `*`.
fn value(text: &str) -> &str {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let short = text.trim_start_matches('0');
        if short.is_empty() { "0" } else { short }
    } else {
        text.get(..3).unwrap_or(text)
    }
}
