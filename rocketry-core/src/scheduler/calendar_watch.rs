//! Watches the files of calendars without polling.

use std::ffi::OsString;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread;

use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};

use crate::session::{Session, Shared};

/// A thread that waits for changes to files, until the watch is dropped.
pub(super) struct CalendarWatch {
    inotify: Arc<OwnedFd>,
    watches: Vec<i32>,
    has_ended: Arc<AtomicBool>,
}

impl CalendarWatch {
    /// Watches the calendars of an app. Returns `None` if none of them is a file.
    pub(super) fn start(session: &Session) -> io::Result<Option<Self>> {
        let paths = session
            .0
            .compiler
            .calendars()
            .values()
            .filter_map(|dates| dates.path());
        let files: Vec<PathBuf> = paths.map(Path::to_owned).collect();
        if files.is_empty() {
            return Ok(None);
        }
        let inotify = Arc::new(inotify::init(CreateFlags::CLOEXEC)?);
        // An editor may replace the file; a watch on the folder reports that as well.
        let of_interest =
            WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO | WatchFlags::CREATE | WatchFlags::DELETE;
        let watches = files
            .iter()
            .map(|file| inotify::add_watch(&*inotify, folder(file), of_interest));
        let watch = CalendarWatch {
            watches: watches.collect::<Result<_, _>>()?,
            inotify,
            has_ended: Arc::default(),
        };
        let names: Vec<OsString> = files
            .iter()
            .filter_map(|file| file.file_name().map(OsString::from))
            .collect();
        let (inotify, has_ended) = (watch.inotify.clone(), watch.has_ended.clone());
        let session = Arc::downgrade(&session.0);
        thread::Builder::new()
            .name("rocketry-calendars".to_owned())
            .spawn(move || listen(&inotify, &names, &has_ended, &session))?;
        Ok(Some(watch))
    }
}

/// Returns the folder that contains a file.
fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn listen(inotify: &OwnedFd, names: &[OsString], has_ended: &AtomicBool, session: &Weak<Shared>) {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut reader = Reader::new(inotify, &mut buffer);
    while let Ok(event) = reader.next() {
        if has_ended.load(Ordering::Acquire) {
            return;
        }
        let name = event
            .file_name()
            .map(|name| OsString::from_vec(name.to_bytes().to_vec()));
        if name.is_none_or(|name| !names.contains(&name)) {
            continue;
        }
        let Some(session) = session.upgrade() else { return };
        Session::of(session).read_calendars();
    }
}

/// Removing the watch is an event, which wakes the thread.
impl Drop for CalendarWatch {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::Release);
        for watch in &self.watches {
            let _ = inotify::remove_watch(&*self.inotify, *watch);
        }
    }
}
