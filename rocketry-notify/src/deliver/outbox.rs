//! Notifications on their way to the channels, stored in the run log until they are delivered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rocketry_core::Session;
use serde::{Deserialize, Serialize};

use super::lane::{Fate, Lane, Retries};
use crate::channel::Channel;
use crate::notification::Notification;

/// The undelivered notifications.
pub(crate) struct Outbox {
    session: Session,
    /// The prefix of the notes that store them.
    notes: String,
    next: AtomicU64,
    lanes: Vec<(String, Lane<Parcel>)>,
}

/// A notification for one channel, and the name of the note that stores it.
struct Parcel {
    note: String,
    notification: Notification,
}

/// The stored form of a notification.
#[derive(Serialize, Deserialize)]
struct Kept {
    channel: String,
    notification: Notification,
}

impl Outbox {
    /// Starts to deliver to channels, including the notifications that an earlier life of the app has left.
    pub(crate) fn open(
        session: &Session,
        prefix: &str,
        channels: Vec<Arc<dyn Channel>>,
        retries: &Retries,
    ) -> std::io::Result<Self> {
        let mut lanes = Vec::new();
        for channel in channels {
            let name = free_name(channel.name(), &lanes);
            let lane = lane(session, &name, channel, retries)?;
            lanes.push((name, lane));
        }
        let outbox = Outbox {
            session: session.clone(),
            notes: format!("{prefix}/out/"),
            next: AtomicU64::new(0),
            lanes,
        };
        outbox.deliver_kept();
        Ok(outbox)
    }

    /// Delivers a notification to all channels.
    pub(crate) fn put(&self, notification: &Notification) {
        for (channel, lane) in &self.lanes {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let note = format!("{}{number:020}", self.notes);
            let kept = Kept {
                channel: channel.clone(),
                notification: notification.clone(),
            };
            if let Err(mistake) = self.session.set_note(&note, &kept) {
                self.session.report(format!("notifications: {mistake}"));
            }
            lane.put(Parcel {
                note,
                notification: kept.notification,
            });
        }
    }

    /// Ends all pauses before further attempts.
    pub(crate) fn begin_to_close(&self) {
        self.lanes.iter().for_each(|(_, lane)| lane.begin_to_close());
    }

    /// Waits until everything is delivered, at most until an instant.
    pub(crate) fn close(&self, until: Instant) {
        self.begin_to_close();
        self.lanes.iter().for_each(|(_, lane)| lane.close(until));
    }

    fn deliver_kept(&self) {
        for note in self.session.note_names(&self.notes) {
            let number = note[self.notes.len()..].parse().unwrap_or(0_u64);
            self.next.fetch_max(number + 1, Ordering::Relaxed);
            let kept = self.session.note::<Kept>(&note);
            let complaint = match kept {
                Ok(Some(kept)) => self.deliver_one(&note, kept).err(),
                Ok(None) => None,
                Err(mistake) => Some(mistake.to_string()),
            };
            if let Some(complaint) = complaint {
                self.session
                    .report(format!("a notification was not delivered: {complaint}"));
                self.session.remove_note(&note);
            }
        }
    }

    fn deliver_one(&self, note: &str, kept: Kept) -> Result<(), String> {
        let Kept {
            channel,
            notification,
        } = kept;
        let lane = self.lanes.iter().find(|(name, _)| *name == channel);
        let (_, lane) = lane.ok_or_else(|| format!("channel `{channel}` is gone: {notification}"))?;
        lane.put(Parcel {
            note: note.to_owned(),
            notification,
        });
        Ok(())
    }
}

fn lane(
    session: &Session,
    name: &str,
    channel: Arc<dyn Channel>,
    retries: &Retries,
) -> std::io::Result<Lane<Parcel>> {
    let (session, name_of) = (session.clone(), name.to_owned());
    let deliver = move |parcel: &Parcel| channel.deliver(&parcel.notification);
    let fate = move |fate: Fate<Parcel>| {
        let name = &name_of;
        let (parcel, complaint) = match fate {
            Fate::Delivered(parcel) => (parcel, None),
            Fate::GivenUp(parcel, error) => {
                let complaint = format!("channel `{name}` can't deliver notifications: {error}");
                (parcel, Some(complaint))
            }
            Fate::Dropped(parcel) => {
                let complaint = format!("channel `{name}` is too slow: notifications are dropped");
                (parcel, Some(complaint))
            }
        };
        session.remove_note(&parcel.note);
        if let Some(complaint) = complaint {
            tracing::warn!(target: "rocketry::notify", channel = %name, notification = %parcel.notification, "not delivered");
            session.report(complaint);
        }
    };
    Lane::new(name, retries.clone(), deliver, fate)
}

/// The name of a channel, with a number if it is already in use.
fn free_name(name: String, lanes: &[(String, Lane<Parcel>)]) -> String {
    let is_free = |name: &str| lanes.iter().all(|(other, _)| other != name);
    if is_free(&name) {
        return name;
    }
    let mut numbered = (2_u32..).map(|number| format!("{name} {number}"));
    numbered.find(|name| is_free(name)).unwrap_or(name)
}
