//! The paths of control sockets: free, stale, taken, and full of rubbish.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use rocketry_api::socket::ControlSocket;

/// Calls a function with a folder, on a runtime.
fn in_folder(name: &str, act: impl FnOnce(PathBuf)) {
    let folder = std::env::temp_dir().join(format!("rocketry-socket-{name}-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { act(folder.join("app.sock")) });
    let left: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 0, "{left:?}");
    fs::remove_dir(&folder).unwrap();
}

#[test]
fn only_its_user_can_open_a_socket() {
    in_folder("mode", |path| {
        let socket = ControlSocket::bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(socket);
    });
}

#[test]
fn a_socket_that_an_app_left_behind_is_replaced() {
    in_folder("stale", |path| {
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        drop(ControlSocket::bind(&path).unwrap());
    });
}

#[test]
fn two_apps_do_not_share_a_path() {
    in_folder("taken", |path| {
        let first = ControlSocket::bind(&path).unwrap();
        let error = ControlSocket::bind(&path).unwrap_err();
        assert!(error.is_in_use(), "{error}");
        assert!(error.to_string().contains("--socket"), "{error}");
        drop(first);
        drop(ControlSocket::bind(&path).unwrap());
    });
}

#[test]
fn rubbish_is_left_alone() {
    in_folder("rubbish", |path| {
        fs::write(&path, "precious").unwrap();
        let error = ControlSocket::bind(&path).unwrap_err().to_string();
        assert!(
            error.contains("is not a socket, so it is not replaced"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
        fs::remove_file(&path).unwrap();
    });
}

#[test]
fn a_socket_of_a_later_app_is_not_removed() {
    in_folder("later", |path| {
        let first = ControlSocket::bind(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let second = ControlSocket::bind(&path).unwrap();
        drop(first);
        assert!(path.exists());
        drop(second);
    });
}
