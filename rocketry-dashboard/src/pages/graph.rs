//! The page of the graph: connected tasks as a picture, the others as a list.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::graph::{EdgeKind, Graph};
use rocketry_api::{Api, Problem};
use rocketry_core::{Action, Status, Task, TaskInfo};

use super::Pages;
use crate::view::{self, Look, Node, Place, Tab, query_text};

/// The maximum number of nodes in the picture.
const MOST: usize = 300;

/// The number of tasks above which groups are folded, unless the visitor chooses.
const FEW: usize = 60;

/// The maximum number of unconnected tasks to list.
const LISTED: usize = 100;

/// The query parameters.
#[derive(Clone, Debug, Default)]
struct Asked {
    /// The task around which the graph is drawn.
    task: String,
    /// Whether groups are folded: `all` or `none`.
    fold: String,
    /// The groups that are unfolded nevertheless.
    open: BTreeSet<String>,
}

pub(crate) async fn page(
    State(pages): State<Pages>,
    place: Place,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked::read(pairs);
    let wanted = asked.clone();
    let found = pages.api.read(move |api| Picture::of(api, &wanted)).await;
    let content = found.map(|picture| content(&place, &asked, &picture));
    pages.show(&place, Tab::Graph, "Graph", content)
}

impl Asked {
    fn read(pairs: Vec<(String, String)>) -> Self {
        let mut asked = Asked::default();
        for (key, value) in pairs {
            match &*key {
                "task" => asked.task = value,
                "fold" => asked.fold = value,
                "open" => drop(asked.open.insert(value)),
                _ => {}
            }
        }
        asked
    }

    fn folds(&self, tasks: usize) -> bool {
        match &*self.fold {
            "all" => true,
            "none" => false,
            _ => tasks > FEW,
        }
    }

    /// The address of the graph with another group unfolded.
    fn unfolded(&self, group: &str) -> String {
        let open = self.open.iter().map(|open| ("open", &**open));
        let pairs: Vec<_> = [("task", &*self.task), ("fold", &*self.fold)]
            .into_iter()
            .chain(open)
            .chain([("open", group)])
            .collect();
        format!("graph{}", query_text(&pairs))
    }
}

/// The content of the picture.
struct Picture {
    tasks: Vec<TaskInfo>,
    /// The graph of the nodes.
    graph: Graph,
    nodes: Vec<Drawn>,
    /// The unconnected tasks, by index.
    alone: Vec<usize>,
    /// The number of connected tasks that are omitted.
    left_out: usize,
    folded: bool,
    has_groups: bool,
}

/// The tasks of a node.
#[derive(Default)]
struct Drawn {
    /// The group, if the node is a folded one.
    group: Option<Arc<str>>,
    tasks: Vec<usize>,
}

impl Picture {
    fn of(api: &Api, asked: &Asked) -> Result<Self, Problem> {
        // One by one, so that the app continues in between.
        let tasks: Vec<TaskInfo> = api.session().tasks().iter().map(Task::info).collect();
        let whole = Graph::of(&tasks);
        let connected = whole.connected();
        let mut chosen: Vec<usize> = (0..tasks.len()).filter(|place| connected[*place]).collect();
        let mut alone: Vec<usize> = (0..tasks.len()).filter(|place| !connected[*place]).collect();
        if !asked.task.is_empty() {
            let task = api.task(&asked.task)?;
            let place = tasks.iter().position(|info| *info.name == *task.name());
            chosen = place.map_or_else(Vec::new, |place| whole.around(place, MOST));
            alone.clear();
        }
        let folded = asked.folds(chosen.len());
        let is_folded = |info: &TaskInfo| {
            let group = info.group.as_ref().filter(|_| folded);
            group.filter(|group| !asked.open.contains(&***group)).cloned()
        };
        let (nodes, into, left_out) = nodes(&tasks, &chosen, is_folded);
        let names = nodes.iter().map(|node| node.name(&tasks)).collect();
        Ok(Picture {
            graph: whole.merged(names, &into),
            has_groups: chosen.iter().any(|place| tasks[*place].group.is_some()),
            tasks,
            nodes,
            alone,
            left_out,
            folded,
        })
    }
}

/// The nodes for the chosen tasks, the node of each task, and how many tasks found no room.
fn nodes(
    tasks: &[TaskInfo],
    chosen: &[usize],
    folded: impl Fn(&TaskInfo) -> Option<Arc<str>>,
) -> (Vec<Drawn>, Vec<Option<usize>>, usize) {
    let mut nodes: Vec<Drawn> = Vec::new();
    let mut groups: HashMap<Arc<str>, usize> = HashMap::new();
    let mut into = vec![None; tasks.len()];
    let mut left_out = 0;
    for place in chosen {
        let group = folded(&tasks[*place]);
        let known = group.as_ref().and_then(|group| groups.get(group)).copied();
        if known.is_none() && nodes.len() == MOST {
            left_out += 1;
            continue;
        }
        let node = known.unwrap_or_else(|| {
            groups.extend(group.clone().map(|group| (group, nodes.len())));
            nodes.push(Drawn {
                group,
                tasks: Vec::new(),
            });
            nodes.len() - 1
        });
        nodes[node].tasks.push(*place);
        into[*place] = Some(node);
    }
    (nodes, into, left_out)
}

impl Drawn {
    fn name(&self, tasks: &[TaskInfo]) -> Arc<str> {
        let first = || tasks[self.tasks[0]].name.clone();
        self.group.clone().unwrap_or_else(first)
    }

    fn show(&self, place: &Place, asked: &Asked, tasks: &[TaskInfo]) -> Node {
        let name = self.name(tasks);
        let worst = self
            .tasks
            .iter()
            .map(|task| &tasks[*task])
            .max_by_key(|task| gravity(task));
        let look = worst.map_or(Look::from(Status::Never), |task| Look::from(task.status));
        let status = worst.map_or_else(String::new, |task| task.status.to_string());
        match &self.group {
            Some(group) => Node {
                text: format!("{group} ({})", self.tasks.len()),
                told: format!("group {group}: {} tasks, {status}; unfold", self.tasks.len()),
                link: asked.unfolded(group),
                look,
                is_group: true,
            },
            None => Node {
                told: format!("{name}: {status}"),
                link: place.task(&name),
                text: name.to_string(),
                look,
                is_group: false,
            },
        }
    }
}

/// How urgent a task's status is. The status of a group is that of its most urgent task.
fn gravity(task: &TaskInfo) -> u8 {
    match task.status {
        Status::Ended(Action::Fail | Action::Crash) => 4,
        Status::Running => 3,
        Status::Ended(Action::Terminate) => 2,
        Status::Ended(_) => 1,
        Status::Never => 0,
    }
}

fn content(place: &Place, asked: &Asked, picture: &Picture) -> Markup {
    let nodes: Vec<Node> = picture
        .nodes
        .iter()
        .map(|node| node.show(place, asked, &picture.tasks))
        .collect();
    html! {
        h1 { "Graph" }
        (form(asked, picture))
        @if picture.left_out > 0 {
            p.held { "The picture has room for " (MOST) " boxes: " (picture.left_out) " more connected tasks are left out. Look at one task and those around it." }
        }
        @if nodes.is_empty() {
            p.quiet { "No task refers to another in its start condition." }
        } @else {
            section #graph data-live {
                div.pan data-pan="graph" tabindex="0" role="region" aria-label="Graph; arrow keys move it, plus and minus zoom" {
                    (view::graph(&picture.graph, &nodes))
                }
            }
            div.zoom.scripted role="group" aria-label="Zoom" {
                button.plain type="button" data-zoom="in" { "Closer" }
                button.plain type="button" data-zoom="out" { "Further" }
                button.plain type="button" data-zoom="fit" { "All of it" }
            }
            (legend())
            (as_list(place, picture))
        }
        (alone(place, picture))
    }
}

fn form(asked: &Asked, picture: &Picture) -> Markup {
    let folds = if picture.folded { "all" } else { "none" };
    html! {
        form.filters role="search" {
            input type="search" name="task" value=(asked.task) placeholder="Around a task" aria-label="Around a task";
            @if picture.has_groups || !asked.fold.is_empty() {
                select name="fold" aria-label="Groups" {
                    option value="all" selected[folds == "all"] { "groups folded" }
                    option value="none" selected[folds == "none"] { "groups unfolded" }
                }
            }
            button { "Show" }
            @if !asked.task.is_empty() || !asked.open.is_empty() { a href="graph" { "All tasks" } }
        }
    }
}

fn legend() -> Markup {
    html! {
        p.quiet { "A solid arrow: starts after a success. With a word: after another end. Dashed: the condition looks at the other task." }
    }
}

fn as_list(place: &Place, picture: &Picture) -> Markup {
    let mut after: HashMap<usize, Vec<(usize, EdgeKind)>> = HashMap::new();
    for edge in picture.graph.edges() {
        after.entry(edge.to).or_default().push((edge.from, edge.kind));
    }
    let names = picture.graph.names();
    let mut rows: Vec<_> = after.into_iter().collect();
    rows.sort_by_key(|(to, _)| *to);
    let link = |node: usize| {
        html! {
            @if picture.nodes[node].group.is_some() { bdi { (names[node]) } } @else { a href=(place.task(&names[node])) { bdi { (names[node]) } } }
        }
    };
    html! {
        details { summary { "As a list" }
            ul { @for (to, from) in rows { li {
                (link(to)) " refers to "
                @for (index, (other, kind)) in from.into_iter().enumerate() {
                    @if index > 0 { ", " } (link(other)) @if !kind.label().is_empty() { " (" (kind.label()) ")" }
                }
            } } }
        }
    }
}

fn alone(place: &Place, picture: &Picture) -> Markup {
    html! {
        @if !picture.alone.is_empty() {
            h2 { "Tasks that stand alone " span.count { (picture.alone.len()) } }
            ul.chips { @for info in picture.alone.iter().take(LISTED).map(|task| &picture.tasks[*task]) {
                @let look = Look::from(info.status);
                li { span class={ "badge " (look.class) } aria-hidden="true" { (look.shape) } " " a href=(place.task(&info.name)) { bdi { (info.name) } } }
            } }
            @if picture.alone.len() > LISTED { p.quiet { "and " (picture.alone.len() - LISTED) " more: see " a href=(format!("{}tasks", place.root)) { "all tasks" } } }
        }
    }
}
