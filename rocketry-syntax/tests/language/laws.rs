//! Laws of the language: every tree survives its text, and no text breaks the parser.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rocketry_syntax::ast::{
    Action, After, Age, Anchored, Basis, Bound, Compare, CondExpr, Count, Cron, Date, Day, DayKind, DayRule,
    Days, Delta, Every, Interval, Moment, Once, Outcome, PeriodExpr, Quantifier, Retry, RuledBound, Running,
    Series, Since, Status, Steps, StepsFrom, Unit, Window,
};
use rocketry_syntax::{SyntaxErrorKind, parse_condition, parse_period};

const DAY: u64 = 86_400_000_000;
const MONTH_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn delta() -> impl Strategy<Value = Delta> {
    prop_oneof![
        (1..=u64::MAX).prop_map(Delta),
        (1..=1_000_u64).prop_map(Delta),
        (
            1..=100_u64,
            select(vec![1_000_000, 60_000_000, 3_600_000_000, DAY, 7 * DAY])
        )
            .prop_map(|(number, unit)| Delta(number * unit)),
    ]
}

fn time() -> impl Strategy<Value = Option<u64>> {
    option::of(prop_oneof![
        0..DAY,
        (0..24_u64).prop_map(|hour| hour * 3_600_000_000)
    ])
}

fn month_day(days: u8) -> impl Strategy<Value = Day> {
    prop_oneof![9 => (1..=days).prop_map(Day::Nth), 1 => Just(Day::Last)]
}

fn year_day() -> impl Strategy<Value = Bound> {
    (1..=12_u8).prop_flat_map(|month| {
        let days = MONTH_DAYS[usize::from(month) - 1];
        (option::of(month_day(days)), time()).prop_map(move |(day, time)| Bound::YearDay {
            month,
            day,
            time: time.filter(|_| day.is_some()),
        })
    })
}

fn kind(days: u8) -> impl Strategy<Value = (u8, DayKind)> {
    let weeks = days.div_ceil(7);
    prop_oneof![
        (1..=weeks, 0..7_u8).prop_map(|(nth, day)| (nth, DayKind::On(day))),
        (1..=weeks * 5).prop_map(|nth| (nth, DayKind::Weekday)),
        (1..=weeks * 5, name()).prop_map(|(nth, calendar)| (nth, DayKind::Business(calendar))),
    ]
}

/// Days that a rule picks from so many, which are not plain.
fn rule(days: u8) -> impl Strategy<Value = DayRule> {
    let from_end = (2..=days).prop_map(|nth| DayRule::Counted {
        nth,
        from_end: true,
        kind: DayKind::Day,
    });
    let counted = (kind(days), any::<bool>()).prop_map(|((nth, kind), from_end)| DayRule::Counted {
        nth,
        from_end,
        kind,
    });
    let plain = month_day(days).prop_map(DayRule::Plain).boxed();
    let any_kind = || prop_oneof![3 => kind(31).prop_map(|(_, kind)| kind), 1 => Just(DayKind::Day)];
    let least = |by: u8, kind: &DayKind| match kind {
        DayKind::Day => by,
        DayKind::Weekday | DayKind::Business(_) => by.min(23),
        DayKind::On(_) => by.min(5),
    };
    let base = prop_oneof![from_end, counted].boxed();
    let moved = (
        1..=31_u8,
        any::<bool>(),
        any_kind(),
        prop_oneof![plain.clone(), base.clone()],
    )
        .prop_map(move |(by, before, kind, from)| DayRule::Moved {
            by: least(by, &kind),
            before,
            kind,
            from: Box::new(from),
        });
    let nearest =
        (prop_oneof![plain, base.clone()], any::<bool>(), any_kind()).prop_map(|(day, before, kind)| {
            DayRule::Nearest {
                day: Box::new(day),
                before,
                kind,
            }
        });
    prop_oneof![3 => base, 1 => moved, 1 => nearest]
}

fn ruled(months: Option<std::ops::RangeInclusive<u8>>, days: u8) -> BoxedStrategy<Bound> {
    let month = match months {
        Some(months) => months.prop_map(Some).boxed(),
        None => Just(None).boxed(),
    };
    (month, rule(days), time())
        .prop_map(|(month, day, time)| Bound::Ruled(Box::new(RuledBound { month, day, time })))
        .boxed()
}

fn date() -> impl Strategy<Value = Date> {
    (1..=9_999_u16, 1..=12_u8, 1..=28_u8).prop_map(|(year, month, day)| Date { year, month, day })
}

fn moment() -> impl Strategy<Value = Moment> {
    (date(), time()).prop_map(|(date, time)| Moment { date, time })
}

fn days() -> impl Strategy<Value = Vec<Days>> {
    let item = prop_oneof![
        4 => (0..7_u8).prop_map(Days::Weekday),
        1 => month_day(31).prop_map(|day| Days::Ruled { month: None, day: DayRule::Plain(day) }),
        1 => rule(31).prop_map(|day| Days::Ruled { month: None, day }),
        1 => (1..=12_u8, month_day(28)).prop_map(|(month, day)| Days::Ruled { month: Some(month), day: DayRule::Plain(day) }),
        1 => (1..=12_u8, rule(31)).prop_map(|(month, day)| Days::Ruled { month: Some(month), day }),
        1 => date().prop_map(Days::Date),
        1 => name().prop_map(Days::Calendar),
        1 => name().prop_map(Days::Business),
    ];
    prop_oneof![3 => vec(item, 1..8), 1 => Just((0..5).map(Days::Weekday).collect())]
}

fn bound(unit: Unit, is_end: bool) -> BoxedStrategy<Bound> {
    match unit {
        Unit::Month => prop_oneof![3 => plain_bound(unit, is_end), 1 => ruled(None, 31)].boxed(),
        Unit::Quarter => prop_oneof![3 => plain_bound(unit, is_end), 1 => ruled(None, 92)].boxed(),
        Unit::Year => prop_oneof![3 => plain_bound(unit, is_end), 1 => ruled(Some(1..=12), 31)].boxed(),
        _ => plain_bound(unit, is_end),
    }
}

fn plain_bound(unit: Unit, is_end: bool) -> BoxedStrategy<Bound> {
    match (unit, unit.micros()) {
        (Unit::Week, _) => (0..7_u8, time())
            .prop_map(|(day, time)| Bound::Weekday { day, time })
            .boxed(),
        (_, Some(length)) => {
            let fine = 0..length + u64::from(is_end);
            prop_oneof![fine, (0..length / 1_000).prop_map(|milli| milli * 1_000)]
                .prop_map(Bound::Clock)
                .boxed()
        }
        (Unit::Month, _) => (month_day(31), time())
            .prop_map(|(day, time)| Bound::MonthDay { day, time })
            .boxed(),
        (Unit::Quarter, _) => (month_day(92), time())
            .prop_map(|(day, time)| Bound::MonthDay { day, time })
            .boxed(),
        _ => year_day().boxed(),
    }
}

fn window(unit: Unit) -> impl Strategy<Value = Window> {
    prop_oneof![
        Just(Window::Full),
        (bound(unit, false), bound(unit, true)).prop_map(|(start, end)| Window::Between(start, end)),
        bound(unit, false).prop_map(Window::After),
        bound(unit, true).prop_map(Window::Before),
        bound(unit, false).prop_map(Window::On),
        bound(unit, false).prop_map(Window::Starting),
        vec(bound(unit, false), 2..6).prop_map(move |starts| each(unit, &starts)),
    ]
}

/// A list of starts, as it is read from a text: those without a time come last, and none comes twice.
fn each(unit: Unit, starts: &[Bound]) -> Window {
    let (timed, bare): (Vec<&Bound>, Vec<&Bound>) = starts.iter().partition(|bound| is_timed(bound));
    let texts = timed
        .iter()
        .chain(&bare)
        .map(|bound| bound.display(unit).to_string());
    let text = texts.collect::<Vec<_>>().join(", ");
    Window::on(unit, &text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn is_timed(bound: &Bound) -> bool {
    match bound {
        Bound::Clock(_) => true,
        Bound::Weekday { time, .. } | Bound::MonthDay { time, .. } | Bound::YearDay { time, .. } => {
            time.is_some()
        }
        Bound::Ruled(ruled) => ruled.time.is_some(),
    }
}

fn series() -> impl Strategy<Value = PeriodExpr> {
    let filter = (window(Unit::Day), days())
        .prop_map(|(window, days)| PeriodExpr::anchored(Unit::Day, window).on_days(days));
    let unit = select(vec![
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
    ]);
    let from =
        (1..50_u32, unit, moment(), option::of(moment())).prop_flat_map(|(every, unit, from, until)| {
            let window = window(unit).prop_filter("no cycle of its own", |window| {
                !matches!(window, Window::Starting(_))
            });
            (window, option::of(days())).prop_map(move |(window, days)| {
                let takes_days = unit == Unit::Day && window != Window::Full;
                PeriodExpr::Series(Box::new(Series {
                    every,
                    anchored: Anchored { unit, window },
                    days: days.filter(|_| takes_days).unwrap_or_default(),
                    from: Some(from),
                    until,
                }))
            })
        });
    prop_oneof![filter, from]
}

fn steps() -> impl Strategy<Value = PeriodExpr> {
    let clock = (
        (1..=DAY).prop_map(Delta),
        0..DAY,
        option::of(0..=DAY),
        option::of(days()),
    );
    let clock = clock.prop_map(|(step, start, end, days)| {
        let days = days.unwrap_or_default();
        (step, StepsFrom::Clock { start, end, days })
    });
    let step = delta().prop_filter("no whole days", |step| !step.0.is_multiple_of(DAY));
    let elapsed = (step, moment(), option::of(moment()))
        .prop_map(|(step, start, end)| (step, StepsFrom::Moment { start, end }));
    prop_oneof![clock, elapsed].prop_map(|(step, from)| PeriodExpr::Steps(Box::new(Steps { step, from })))
}

fn anchored() -> impl Strategy<Value = PeriodExpr> {
    let unit = select(Unit::ALL.to_vec());
    unit.prop_flat_map(|unit| window(unit).prop_map(move |window| PeriodExpr::anchored(unit, window)))
}

fn cron() -> impl Strategy<Value = Cron> {
    let expressions = [
        "* * * * *",
        "*/5 8-18 * * Mon-Fri",
        "0 0 L * *",
        "15,45 22-2 1/5 Jan Sun#2",
        "0 0 1 1 7L",
        "0 12 1 * +Monday",
        "0 0 L-3,L-1W * Mon-Fri#1",
    ];
    (select(expressions.to_vec()), any::<bool>(), option::of(delta())).prop_map(
        |(expression, seconds, grace)| {
            let fields = if seconds {
                format!("*/10 {expression}")
            } else {
                expression.to_owned()
            };
            let cron = Cron::parse(&fields, seconds).expect("a valid expression");
            match grace {
                Some(grace) => cron.with_grace(grace),
                None => cron,
            }
        },
    )
}

fn period() -> impl Strategy<Value = PeriodExpr> {
    let leaf = prop_oneof![
        Just(PeriodExpr::Always),
        Just(PeriodExpr::Never),
        anchored(),
        delta().prop_map(PeriodExpr::Past),
        cron().prop_map(PeriodExpr::Cron),
        moment().prop_map(PeriodExpr::From),
        moment().prop_map(PeriodExpr::Until),
        moment().prop_map(PeriodExpr::At),
        days().prop_map(PeriodExpr::On),
        series(),
        steps(),
    ];
    let zones = select(vec!["America/New_York", "UTC", "Etc/GMT+12", "EST5EDT"]);
    let leaf = (leaf, option::weighted(0.2, zones)).prop_map(|(leaf, zone)| match zone {
        Some(zone) => leaf.in_zone(zone),
        None => leaf,
    });
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(PeriodExpr::all),
            vec(inner, 1..4).prop_map(PeriodExpr::any),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    "[a-z0-9ä'&|~(), ._-]{1,10}".prop_filter("not blank", |name| !name.trim().is_empty())
}

fn age() -> impl Strategy<Value = Age> {
    (option::of(delta()), option::of(delta())).prop_map(|(more_than, less_than)| Age { more_than, less_than })
}

fn count() -> impl Strategy<Value = Count> {
    use Compare::{AtLeast, AtMost, Equal, Less, More, NotEqual};
    let compare = select(vec![AtLeast, AtMost, Equal, Less, More, NotEqual]);
    vec((compare, prop_oneof![0..5_u64, any::<u64>()]), 0..3).prop_map(Count)
}

fn once() -> impl Strategy<Value = Once> {
    let basis = prop_oneof![
        (0..4_u32).prop_map(|retries| (Basis::Finish, retries)),
        Just((Basis::Start, 0)),
    ];
    (option::of(name()), period(), basis).prop_map(|(task, period, (basis, retries))| Once {
        task,
        period,
        basis,
        retries,
    })
}

fn after() -> impl Strategy<Value = After> {
    let outcome = select(vec![
        Outcome::Success,
        Outcome::Fail,
        Outcome::Finish,
        Outcome::Terminate,
    ]);
    let tasks = prop_oneof![
        vec(name(), 1..2).prop_map(|tasks| (Quantifier::One, tasks)),
        vec(name(), 1..4).prop_map(|tasks| (Quantifier::All, tasks)),
        vec(name(), 1..4).prop_map(|tasks| (Quantifier::Any, tasks)),
    ];
    (outcome, tasks, option::weighted(0.3, delta())).prop_map(|(outcome, (quantifier, tasks), delay)| After {
        outcome,
        quantifier,
        tasks,
        delay,
    })
}

fn status() -> impl Strategy<Value = Status> {
    use Action::{Crashed, Failed, Finished, Inacted, Started, Succeeded, Terminated};
    let action = select(vec![
        Crashed, Failed, Finished, Inacted, Started, Succeeded, Terminated,
    ]);
    (option::of(name()), action, option::of(period()), count()).prop_map(|(task, action, within, count)| {
        Status {
            task,
            action,
            within,
            count,
        }
    })
}

fn interval() -> impl Strategy<Value = Interval> {
    prop_oneof![
        3 => delta().prop_map(Interval::Time),
        1 => (1..=1_000_000_u32).prop_map(Interval::Months),
    ]
}

fn leaf() -> impl Strategy<Value = CondExpr> {
    let since = select(vec![Since::Start, Since::Success, Since::Fail, Since::Finish]);
    let phrase = select(vec![
        "is workday",
        "file 'a & (b).csv' exists",
        "the moon is full",
        "in season",
    ]);
    prop_oneof![
        any::<bool>().prop_map(CondExpr::Constant),
        (interval(), since).prop_map(|(interval, since)| CondExpr::Every(Every { interval, since })),
        any::<u64>().prop_map(CondExpr::AtMostRuns),
        once().prop_map(CondExpr::Once),
        period().prop_map(CondExpr::TimeOf),
        after().prop_map(CondExpr::After),
        status().prop_map(CondExpr::Status),
        (option::of(name()), age(), count()).prop_map(|(task, age, count)| CondExpr::Running(Running {
            task,
            age,
            count
        })),
        (option::of(any::<u32>()), option::of(delta()))
            .prop_map(|(limit, backoff)| CondExpr::Retry(Retry { limit, backoff })),
        age().prop_map(CondExpr::SchedulerRunning),
        delta().prop_map(CondExpr::SchedulerStarted),
        count().prop_map(CondExpr::SchedulerCycles),
        name().prop_map(CondExpr::Env),
        name().prop_map(CondExpr::ParamExists),
        (name(), ".{0,8}").prop_map(|(name, value)| CondExpr::ParamIs { name, value }),
        phrase.prop_map(|phrase| CondExpr::Custom(phrase.to_owned())),
    ]
}

fn condition() -> impl Strategy<Value = CondExpr> {
    leaf().prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(CondExpr::all),
            vec(inner.clone(), 1..4).prop_map(CondExpr::any),
            inner.prop_map(|inner| !inner),
        ]
    })
}

/// Words of the language in any order: what gets deepest into the parser.
fn soup() -> impl Strategy<Value = String> {
    let words = "every 10 seconds minutes based on success daily hourly weekly monthly yearly after before \
        between and 10:00 10 am Monday 3rd Feb last day at starting with retries task tasks any 'x' 'x , has \
        failed today this hour past in ( ) ( & | ~ is running for more than at least 3 times cron * */5 grace \
        time of day once per one start scheduler run over under cycles ago env param exists retry backoff ä every 2 weeks months quarterly from until 2026-01-02 00:05 first last Friday weekday \
        weekdays weekends second business next or of 'nyse' Mon, 06:00, most runs America/New_York once";
    let words: Vec<&str> = words.split_whitespace().collect();
    vec(select(words), 0..12).prop_map(|words| words.join(" "))
}

/// Statements with a word that is left out, doubled or replaced.
fn slips() -> impl Strategy<Value = String> {
    let word = select(
        "weekly on Monday, and 10:00 at from 300 daily 2026-01-02 noon every other monday"
            .split(' ')
            .collect::<Vec<_>>(),
    );
    (leaf(), any::<prop::sample::Index>(), 0..3_u8, word).prop_map(|(tree, place, slip, word)| {
        let text = tree.to_string();
        let mut words: Vec<&str> = text.split(' ').collect();
        let place = place.index(words.len());
        match slip {
            0 => drop(words.remove(place)),
            1 => words.insert(place, words[place]),
            _ => words[place] = word,
        }
        words.join(" ")
    })
}

/// Schedules in the notations of other programs, with parts that go together and parts that do not.
fn pasted() -> impl Strategy<Value = String> {
    let fields = "* 0 5 */5 1-5 ? Mon Mon-Fri 2#1 L 6L 2026 H 0/15 1,2 Jan";
    let words = "every each on at the of month week day Monday and Friday 9:30 noon weekdays 15th first last other second \
        from to 17:00 weekly monthly yearly December 2 hours in between until biweekly daily";
    let list = |words: &'static str| select(words.split_whitespace().collect::<Vec<_>>());
    let row =
        |words, count: std::ops::Range<usize>| vec(list(words), count).prop_map(|words| words.join(" "));
    let rule = (
        select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        1..5_u8,
        0..24_u8,
        select(vec!["MO", "FR,SA", "1MO", "-1FR"]),
    );
    prop_oneof![
        2 => row(fields, 4..8),
        1 => row(fields, 5..7).prop_map(|fields| format!("cron({fields})")),
        1 => row(fields, 4..8).prop_map(|fields| format!("cron {fields}")),
        3 => row(words, 1..7),
        1 => rule.prop_map(|(unit, interval, hour, days)| {
            format!("FREQ={unit};INTERVAL={interval};BYDAY={days};BYHOUR={hour}")
        }),
        1 => (list("Mon Mon..Fri Sat,Sun *-*-01 *-12-24"), 0..24_u8, 0..60_u8)
            .prop_map(|(days, hour, minute)| format!("{days} {hour}:{minute:02}")),
    ]
}

#[test]
fn each_word_occurs() {
    let mut runner = TestRunner::deterministic();
    let statements = condition();
    let trees = (0..2_000).map(|_| statements.new_tree(&mut runner).expect("a tree").current());
    let missing = crate::words::missing(trees);
    assert!(missing.is_empty(), "{missing:?} never occur");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn a_condition_survives_its_text(tree in condition()) {
        let text = tree.to_string();
        prop_assert_eq!(parse_condition(&text), Ok(tree), "{}", text);
    }

    #[test]
    fn a_period_survives_its_text(tree in period()) {
        let text = tree.to_string();
        prop_assert_eq!(parse_period(&text), Ok(tree), "{}", text);
    }

    #[test]
    fn a_length_survives_its_text(delta in delta()) {
        prop_assert_eq!(delta.to_string().parse::<Delta>(), Ok(delta));
    }

    #[test]
    fn a_mistake_is_within_the_text(text in prop_oneof![soup(), "\\PC{0,40}", "[a-z0-9:'&|~() \n\tä]{0,30}"]) {
        for result in [parse_condition(&text).map(drop), parse_period(&text).map(drop)] {
            if let Err(error) = result {
                prop_assert!(text.get(error.range.clone()).is_some(), "{} in {:?}", error, text);
                prop_assert!(error.caret(&text).contains('^'));
            }
        }
    }

    #[test]
    fn a_proposal_leads_on(text in prop_oneof![soup(), slips(), pasted()]) {
        let Err(error) = parse_condition(&text) else { return Ok(()) };
        let Some(proposal) = &error.suggestion else { return Ok(()) };
        let mended = [&text[..error.range.start], proposal, &text[error.range.end..]].concat();
        if error.kind == SyntaxErrorKind::Notation {
            prop_assert!(parse_condition(proposal).is_ok(), "{} for {}", proposal, text);
        }
        if let Err(other) = parse_condition(&mended) {
            prop_assert!(other.kind != error.kind || other.range != error.range, "{} for {}: {}", mended, text, other);
        }
    }

    #[test]
    fn what_is_accepted_has_one_canonical_text(text in soup()) {
        if let Ok(tree) = parse_condition(&text) {
            let canonical = tree.to_string();
            prop_assert_eq!(parse_condition(&canonical), Ok(tree), "{} from {}", canonical, text);
        }
    }
}
