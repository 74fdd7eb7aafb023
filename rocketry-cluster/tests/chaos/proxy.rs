//! A node's way to the server, on which things go wrong.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::engine::Server;

/// What happens to the bytes on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// They arrive after a while.
    Open(Duration),
    /// They are kept until the way is open again. Connections are accepted.
    Frozen,
    /// Connections break, and new ones too.
    Cut,
    /// All is well until a node makes a write for good: that, and all after it, is kept.
    FreezesBeforeCommit,
    /// All is well until a node makes a write for good: that arrives, and its answer is kept, as all else.
    FreezesAfterCommit,
}

/// The way of one node: a port of this machine that leads to the server.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    gate: Arc<Gate>,
}

struct Gate {
    way: Mutex<Way>,
    changed: Condvar,
    server: Server,
    commit: Vec<u8>,
    /// The ends of all connections.
    open: Mutex<Vec<End>>,
}

/// One end of a connection.
#[derive(Debug)]
enum End {
    Socket(UnixStream),
    Port(TcpStream),
}

impl End {
    fn to(server: &Server) -> std::io::Result<Self> {
        match server {
            Server::Socket(path) => UnixStream::connect(path).map(End::Socket),
            Server::Port(host, port) => TcpStream::connect((host.as_str(), *port)).and_then(End::of),
        }
    }

    /// An end that sends what it has at once, or each answer would take 40 ms.
    fn of(stream: TcpStream) -> std::io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(End::Port(stream))
    }

    fn again(&self) -> std::io::Result<Self> {
        match self {
            End::Socket(stream) => stream.try_clone().map(End::Socket),
            End::Port(stream) => stream.try_clone().map(End::Port),
        }
    }

    fn close(&self) {
        // It may be closed already.
        let _ = match self {
            End::Socket(stream) => stream.shutdown(Shutdown::Both),
            End::Port(stream) => stream.shutdown(Shutdown::Both),
        };
    }

    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        match self {
            End::Socket(stream) => stream.read(bytes),
            End::Port(stream) => stream.read(bytes),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            End::Socket(stream) => stream.write_all(bytes),
            End::Port(stream) => stream.write_all(bytes),
        }
    }
}

impl Proxy {
    /// Opens a way to a server, on which nodes send some bytes when they make a write for good.
    pub(crate) fn to(server: Server, commit: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let gate = Arc::new(Gate {
            way: Mutex::new(Way::Open(Duration::ZERO)),
            changed: Condvar::new(),
            server,
            commit,
            open: Mutex::default(),
        });
        let accepting = gate.clone();
        // It ends with the program.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                accepting.connect(End::of(client).unwrap());
            }
        });
        Proxy { port, gate }
    }

    /// Says what happens on the way from now on.
    pub(crate) fn set(&self, way: Way) {
        *self.gate.way() = way;
        self.gate.changed.notify_all();
        if way == Way::Cut {
            self.gate.close_all();
        }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        *self.gate.way() == Way::Frozen
    }
}

impl Gate {
    fn way(&self) -> MutexGuard<'_, Way> {
        self.way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ends(&self) -> MutexGuard<'_, Vec<End>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close_all(&self) {
        self.ends().drain(..).for_each(|end| end.close());
    }

    fn connect(self: &Arc<Self>, client: End) {
        if *self.way() == Way::Cut {
            return client.close();
        }
        // Without a server there is no connection either.
        let Ok(server) = End::to(&self.server) else {
            return client.close();
        };
        let (Ok(from_client), Ok(from_server)) = (client.again(), server.again()) else {
            return;
        };
        self.ends()
            .extend([&client, &server].map(|end| end.again().unwrap()));
        let (there, back) = (self.clone(), self.clone());
        thread::spawn(move || there.carry(from_client, server, true));
        thread::spawn(move || back.carry(from_server, client, false));
    }

    /// Carries bytes until an end closes.
    fn carry(&self, mut from: End, mut to: End, from_node: bool) {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if !self.lets_pass(&bytes[..count], from_node) || to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        from.close();
        to.close();
    }

    /// Waits until some bytes may arrive; returns whether they ever may.
    fn lets_pass(&self, bytes: &[u8], from_node: bool) -> bool {
        let commits = || {
            let mut words = bytes.windows(self.commit.len());
            from_node && words.any(|word| word == self.commit)
        };
        let mut way = self.way();
        loop {
            match *way {
                Way::Open(delay) => {
                    drop(way);
                    thread::sleep(delay);
                    return true;
                }
                Way::Cut => return false,
                Way::FreezesBeforeCommit if commits() => *way = Way::Frozen,
                Way::FreezesAfterCommit if commits() => {
                    *way = Way::Frozen;
                    return true;
                }
                Way::FreezesBeforeCommit | Way::FreezesAfterCommit => return true,
                Way::Frozen => way = self.changed.wait(way).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}
