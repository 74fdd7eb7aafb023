//! Builds an app and reports every mistake before anything runs.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use tokio::sync::Notify;

use super::parts::Parts;
use crate::cluster::{Cluster, ClusterSource, FencedLog, NodeProfile, Seat, SharedLog};
use crate::config::Config;
use crate::dispatch::lag_meter::LagMeter;
use crate::dispatch::live_output::LiveOutputs;
use crate::dispatch::log_meter::LogMeter;
use crate::dispatch::watchdog::Watchdog;
use crate::engine::compile::TaskCompiler;
use crate::engine::entry::TaskEntry;
use crate::engine::facts::DurableFacts;
use crate::engine::name_scope::NameScope;
use crate::engine::names::Names;
use crate::engine::naming;
use crate::engine::pools::{MOST_THREADS, PROCESSES, Pools, THREADS, processors};
use crate::engine::state::State;
use crate::error::{Error, Kind, Location, Problem, Result, did_you_mean};
use crate::hooks::{Hook, Hooks};
use crate::log::{Handover, MemoryLog, ReadOnlyLog, RunLog};
use crate::param::graph;
use crate::param::type_check::Supply;
use crate::session::{EventChannel, Node, Session, Shared, Task};
use crate::task::{OnCrash, TaskBuilder};
use crate::task_id::TaskId;
use crate::time::Dates;

/// The shortest lease of a leader.
const SHORTEST_LEASE: Duration = Duration::from_millis(100);

/// Builds the app.
pub(super) fn build(mut app: Parts) -> Result<Session> {
    let of_settings = settle(&mut app);
    app.params.conceal(&app.config.secrets);
    let groups = std::mem::take(&mut app.groups);
    let app_only = [type_name::<Session>(), type_name::<Task>()];
    let (mut compiler, mut problems) = TaskCompiler::new(&app.conds, groups, app_only, &app.config);
    compiler.describe(app.allowed, app.is_whole);
    problems.extend(of_settings);
    let (calendars, of_calendars) = read_calendars(&mut app);
    compiler.add_calendars(calendars);
    compiler.set_on_crash(on_crash(&app));
    problems.extend(of_calendars);
    problems.append(&mut app.problems);
    problems.extend(check_cluster(&app));
    let hooks = Hooks::new(app.hooks.clone(), std::mem::take(&mut app.inits));
    let (tasks, of_tasks) = complete_tasks(&mut app, &hooks, &compiler);
    problems.extend(of_tasks);
    let full: Vec<Arc<str>> = tasks.iter().map(|task| Arc::from(&*task.name)).collect();
    let (names, twice) = name(&tasks, &full);
    problems.extend(twice);
    let find = |name: &str| names.find(name, |id| &full[id.index()]);
    problems.extend(check_params(&app, &find));
    let (pools, of_pools) = make_pools(&app, &tasks);
    problems.extend(of_pools);
    let scope = NameScope {
        task: &find,
        params: &app.params,
        now: app.clock.now(),
        pool: &|name| pools.find(name),
    };
    let used: BTreeSet<&str> = tasks.iter().filter_map(TaskBuilder::group_name).collect();
    problems.extend(compiler.check_groups(&scope, |group| used.contains(group)));
    let entries = compile(&compiler, tasks, &full, &scope, &mut problems);
    if !problems.is_empty() {
        return Err(Error::build(Kind::Build, problems));
    }
    let left = left_behind()?;
    let log = open_log(&mut app)?;
    session(app, (log, left), (compiler, hooks), names, pools, entries)
}

/// Returns the tasks as the init hooks, their groups and the settings complete them.
fn complete_tasks(
    app: &mut Parts,
    hooks: &Hooks,
    compiler: &TaskCompiler,
) -> (Vec<TaskBuilder>, Vec<Problem>) {
    let mut tasks = std::mem::take(&mut app.tasks);
    let completed = tasks
        .iter_mut()
        .map(|task| hooks.init(task).and_then(|()| compiler.complete(task)));
    let mut problems: Vec<_> = completed.filter_map(Result::err).collect();
    // The task belongs to the app itself: defaults must not delay it.
    let mut shut_down = app.shut_down.take();
    problems.extend(shut_down.as_mut().and_then(|task| hooks.init(task).err()));
    app.has_shut_down = shut_down.is_some();
    tasks.extend(shut_down);
    (tasks, problems)
}

/// Compiles the tasks, and records which of them have subscriptions. Adds their mistakes to `problems`.
fn compile(
    compiler: &TaskCompiler,
    tasks: Vec<TaskBuilder>,
    names: &[Arc<str>],
    scope: &NameScope<'_>,
    problems: &mut Vec<Problem>,
) -> (Vec<TaskEntry>, Vec<TaskId>) {
    let mut entries = Vec::with_capacity(tasks.len());
    let mut subscribers = Vec::new();
    for (id, (task, name)) in (0..).map(TaskId::new).zip(tasks.into_iter().zip(names)) {
        match compiler.compile(task, name.clone(), scope) {
            Ok(entry) => {
                subscribers.extend(entry.subscribes().then_some(id));
                entries.push(entry);
            }
            Err(mistakes) => problems.extend(mistakes),
        }
    }
    (entries, subscribers)
}

/// Overrides the settings made in code with those of the file and the environment.
fn settle(app: &mut Parts) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut over = |with: &dyn Fn(Config) -> Result<Config>| match with(app.config.clone()) {
        Ok(config) => app.config = config,
        Err(error) => problems.extend_from_slice(error.problems()),
    };
    if let Some(file) = &app.config_file {
        over(&|config| config.with_file(file));
    }
    over(&Config::with_env);
    problems
}

/// Returns the calendars of the app by name. Reads those that are files.
fn read_calendars(app: &mut Parts) -> (BTreeMap<String, Dates>, Vec<Problem>) {
    let (mut calendars, mut problems) = (BTreeMap::new(), Vec::new());
    for (name, dates, location) in app.calendars.drain(..) {
        let mistake = if name.trim().is_empty() {
            Some("a calendar has a name that is blank".to_owned())
        } else if calendars.contains_key(&name) {
            Some(format!("two calendars are named `{name}`"))
        } else {
            dates
                .read()
                .err()
                .map(|mistake| format!("calendar `{name}`: {mistake}"))
        };
        problems.extend(mistake.map(|message| Problem {
            message,
            location: Some(location),
        }));
        calendars.insert(name, dates);
    }
    (calendars, problems)
}

/// Creates the pools of the app, including those for all processes and all threads. Sizes in the settings override
/// those in code.
fn make_pools(app: &Parts, tasks: &[TaskBuilder]) -> (Pools, Vec<Problem>) {
    let problem = |message| Problem {
        message,
        location: None,
    };
    let declared = app.pools.iter().map(|(name, _)| &**name);
    let twice = declared.clone().enumerate().filter(|(index, name)| {
        matches!(*name, PROCESSES | THREADS) || declared.clone().take(*index).any(|first| first == *name)
    });
    let mut problems: Vec<_> = twice
        .map(|(_, name)| problem(format!("two pools are named `{name}`")))
        .collect();
    let used = tasks.iter().filter_map(TaskBuilder::pool_name);
    let known: BTreeSet<&str> = declared.chain(used).collect();
    let unknown = app
        .config
        .pools
        .keys()
        .filter(|name| !known.contains(name.as_str()));
    problems.extend(unknown.map(|name| {
        let near = did_you_mean(name, known.iter().copied());
        problem(format!("settings: no task has a pool `{name}`{near}"))
    }));
    let mut sizes: BTreeMap<&str, usize> = app.pools.iter().map(|(name, size)| (&**name, *size)).collect();
    sizes.extend(app.config.pools.iter().map(|(name, size)| (name.as_str(), *size)));
    let empty = sizes.iter().filter(|(_, size)| **size == 0);
    problems.extend(empty.map(|(name, _)| problem(format!("the pool `{name}` has no room: its size is 0"))));
    let without_room = app.config.limits_without_room();
    problems.extend(without_room.map(|message| problem(format!("settings: {message}"))));
    let processes = app.config.max_process_count.unwrap_or_else(most_processes);
    let threads = app.config.max_thread_count.unwrap_or(MOST_THREADS);
    (Pools::new(processes, threads, sizes), problems)
}

/// Returns the maximum number of processes, unless the settings set it. The process of a single run starts
/// none, so it skips counting the processors, which would read several files.
fn most_processes() -> usize {
    if crate::exec::is_child() { 1 } else { processors() }
}

/// Checks the parameters of the session and of the hooks.
fn check_params(app: &Parts, find: &dyn Fn(&str) -> Result<TaskId, String>) -> Vec<Problem> {
    let unknown = |task: &str| find(task).err();
    let wrong = app.hooks.iter().filter_map(Hook::problem);
    let of_hooks = app.hooks.iter().flat_map(|hook| {
        hook.function.specs().iter().filter_map(|spec| {
            let missing = graph::missing(&app.params, &spec.depends(), &|_| false, &unknown)?;
            let message = format!("parameter `{}` of hook `{}`: {missing}", spec.name, hook.name);
            Some(Problem {
                message,
                location: Some(spec.location),
            })
        })
    });
    let given = Supply::by_session(&app.params, &app.config.secrets);
    let misfits = app.hooks.iter().flat_map(|hook| {
        let what = format!("hook `{}`", hook.name);
        given.misfits(&what, hook.function.specs())
    });
    naming::of_params("the app", &app.params, None)
        .into_iter()
        .chain(graph::check(&app.params, &unknown))
        .chain(wrong)
        .chain(of_hooks)
        .chain(misfits)
        .chain(given.misfits_behind("session parameter", &app.params))
        .collect()
}

/// Registers the tasks by their full names, in the order of their declaration.
fn name(tasks: &[TaskBuilder], full: &[Arc<str>]) -> (Names, Vec<Problem>) {
    let mut names = Names::with_capacity(tasks.len());
    let mut problems = Vec::new();
    for (id, task) in (0..).map(TaskId::new).zip(tasks) {
        let added = names.add(&task.name, task.name_before_prefix(), id, |id| &full[id.index()]);
        if let Err(taken) = added {
            let first = tasks[taken.index()].location;
            let message = format!(
                "two tasks are named `{}`; the first is declared at {first}",
                task.name
            );
            problems.push(Problem {
                message,
                location: Some(task.location),
            });
        }
    }
    (names, problems)
}

/// Returns the state that the previous process of the app handed over. Waits until that process has ended,
/// because it may still have the log open.
fn left_behind() -> Result<Option<Handover>> {
    if crate::exec::is_child() {
        return Ok(None);
    }
    crate::exec::arrive()
}

/// A cluster, the log that its nodes share, and the seat of this node.
type Joining = (Box<dyn Cluster>, Arc<dyn SharedLog>, Seat);

/// An opened log and its address, with the cluster if the app is a node.
struct OpenLog {
    log: Box<dyn RunLog>,
    address: Option<String>,
    node: Option<Joining>,
}

/// Opens the run log. The process of a single run has none, because the app records its events.
fn open_log(app: &mut Parts) -> Result<OpenLog> {
    if let Some((cluster, location)) = app.cluster.take().filter(|_| !crate::exec::is_child()) {
        return open_shared_log(app, cluster, location);
    }
    let capacity = app.config.log_capacity;
    let address = app.log.as_ref().and_then(|(log, _)| log.shown());
    let log: Box<dyn RunLog> = match app.log.take().filter(|_| !crate::exec::is_child()) {
        Some((log, location)) if app.is_inspected => {
            Box::new(ReadOnlyLog(log.open_to_read(capacity, location)?))
        }
        Some((log, location)) => log.open(capacity, location)?,
        None => Box::new(MemoryLog::new(capacity)),
    };
    let node = None;
    Ok(OpenLog { log, address, node })
}

/// Opens the run log that the nodes of a cluster share. An app that is only inspected does not become a node.
fn open_shared_log(app: &Parts, cluster: ClusterSource, location: Location) -> Result<OpenLog> {
    let address = cluster.shown();
    let cluster = cluster.make(location)?;
    let log = cluster.open_log().map_err(|error| {
        let message = format!("the run log of the cluster can't be opened: {error}");
        Error::at(Kind::Log, message, Some(location)).because(error)
    })?;
    if app.is_inspected {
        let log: Box<dyn RunLog> = Box::new(ReadOnlyLog(Box::new(log)));
        let node = None;
        return Ok(OpenLog { log, address, node });
    }
    let seat = Seat::new(profile(app), app.config.lease, app.clock.clone());
    let shared: Arc<dyn SharedLog> = Arc::from(log);
    let log = Box::new(FencedLog::new(shared.clone(), seat.clone()));
    let node = Some((cluster, shared, seat));
    Ok(OpenLog { log, address, node })
}

fn profile(app: &Parts) -> NodeProfile {
    let name = app.config.node.clone().unwrap_or_else(node_name);
    let lanes = app.config.lanes.iter();
    NodeProfile {
        name: name.into(),
        version: app.version.clone(),
        lanes: lanes.map(|lane| lane.as_str().into()).collect(),
    }
}

/// The host name and the process id.
fn node_name() -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let machine = machine.or_else(|| std::env::var("HOSTNAME").ok());
    let machine = machine.as_deref().map_or("node", str::trim);
    format!("{machine}:{}", std::process::id())
}

/// The default handling of an interrupted run. In a cluster, a node that is presumed lost may still be
/// running it.
fn on_crash(app: &Parts) -> OnCrash {
    if app.cluster.is_some() {
        OnCrash::Count
    } else {
        OnCrash::Again
    }
}

/// Checks the settings of the cluster.
fn check_cluster(app: &Parts) -> Option<Problem> {
    let (_, location) = app.cluster.as_ref()?;
    let message = if app.log.is_some() {
        "the run log of a node is that of its cluster: leave out `.log(…)`"
    } else if app.config.lease < SHORTEST_LEASE {
        "settings: `lease` is below 100 ms, which no network keeps"
    } else {
        return None;
    };
    Some(Problem {
        message: message.to_owned(),
        location: Some(*location),
    })
}

fn session(
    app: Parts,
    (OpenLog { log, address, node }, left): (OpenLog, Option<Handover>),
    (compiler, hooks): (TaskCompiler, Hooks),
    names: Names,
    pools: Pools,
    (tasks, subscribers): (Vec<TaskEntry>, Vec<TaskId>),
) -> Result<Session> {
    let mut state = State::new((tasks, names, app.params, pools), &app.config, app.clock.now());
    state.ends_app = state.ids().last().filter(|_| app.has_shut_down);
    state.facts = DurableFacts::new(!log.is_immediate(), state.next_run);
    let needs = subscribers.into_iter().flat_map(|id| state.subscribe(id));
    let missed: Vec<_> = needs.collect();
    let node = node.map(|(cluster, shared, seat)| Node::new(cluster, shared, seat, &mut state));
    let session = Session::of(Arc::new(Shared {
        clock: app.clock,
        watchdog: Watchdog::new(app.config.blocking_after),
        config: app.config,
        log,
        log_address: address.map(Arc::from),
        version: app.version,
        hooks,
        compiler,
        inbox: Arc::default(),
        events: EventChannel::default(),
        failures: Mutex::default(),
        console: OnceLock::new(),
        log_meter: LogMeter::default(),
        lag_meter: LagMeter::default(),
        outputs: LiveOutputs::default(),
        forced: Notify::new(),
        node,
        state: Mutex::new(state),
    }));
    session.recover_unless_node(&missed, left)?;
    // Each task has its own copy by now.
    session.0.compiler.forget_statements();
    Ok(session)
}
