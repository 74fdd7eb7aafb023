//! Encrypted connections, to a server with certificates of its own.

use std::net::TcpListener;

use postgres::{Client, NoTls};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rocketry_core::log::Write;
use rocketry_core::{Query, RunLog};
use rocketry_sql::PostgresLog;

use crate::folder::Folder;
use crate::runs::runs;
use crate::server::Server;

/// An authority that signs certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Authority {
            issuer: Issuer::new(params, key),
            certificate,
        }
    }

    /// The certificate of a host, and its key.
    fn sign(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

/// Starts the server at a port of its own, with a certificate and its key if it is to have one. Gives its address.
fn start(server: &Server, certificate: Option<&(String, String)>) -> String {
    let folder = server.folder();
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["server.crt", "server.key"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
    if let Some((certificate, key)) = certificate {
        std::fs::write(folder.join("server.crt"), certificate).unwrap();
        std::fs::write(folder.join("server.key"), key).unwrap();
    }
    // It is free, as likely as not until the server takes it.
    let free = TcpListener::bind("localhost:0").unwrap().local_addr().unwrap();
    server.start(&[&free.port().to_string()])
}

/// The same with another certificate, or with none.
fn restart(server: &Server, certificate: Option<&(String, String)>) -> String {
    server.stop();
    start(server, certificate)
}

/// Makes a file of authorities, and gives its name.
fn trust(server: &Server, name: &str, authority: &str) -> String {
    let file = server.folder().with_file_name(name);
    std::fs::write(&file, authority).unwrap();
    file.display().to_string()
}

/// Writes to a log and reads from it, and tells how many of its connections are encrypted.
fn encrypted(address: &str, settings: &str) -> i64 {
    const COUNT: &str = "SELECT count(*), count(*) FILTER (WHERE ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                         WHERE application_name = 'encrypted'";
    let log = PostgresLog::open(&format!("{address}?application_name=encrypted{settings}")).unwrap();
    let before = log.count(&Query::new()).unwrap();
    log.write(&Write::records(&runs("fetch", 0..1))).unwrap();
    assert_eq!(log.count(&Query::new()).unwrap(), before + 2);
    let mut client = Client::connect(address, NoTls).unwrap();
    loop {
        let counts = client.query_one(COUNT, &[]).unwrap();
        // The server may not have seen yet that those of another log are closed.
        if counts.get::<_, i64>(0) == 2 {
            return counts.get(1);
        }
    }
}

fn refused(address: &str, settings: &str) -> String {
    let error = PostgresLog::open(&format!("{address}?{settings}")).unwrap_err();
    assert!(error.is_log());
    error.to_string()
}

#[test]
fn connections_are_encrypted_as_the_address_says() {
    let Some(server) = Server::new() else { return };
    let (known, unknown) = (Authority::new(), Authority::new());
    let authority = trust(&server, "known.pem", &known.certificate);
    let stranger = trust(&server, "unknown.pem", &unknown.certificate);

    let address = start(&server, Some(&known.sign("localhost")));
    assert_eq!(encrypted(&address, "&sslmode=disable"), 0);
    for settings in [
        String::new(),
        "&sslmode=prefer".into(),
        "&sslmode=require".into(),
        format!("&sslmode=require&sslrootcert={authority}"),
        format!("&sslmode=verify-ca&sslrootcert={authority}"),
        format!("&sslmode=verify-full&sslrootcert={authority}"),
    ] {
        assert_eq!(encrypted(&address, &settings), 2, "{settings}");
    }
    for mode in ["require", "verify-ca", "verify-full"] {
        let told = refused(&address, &format!("sslmode={mode}&sslrootcert={stranger}"));
        let wanted = format!("none of the authorities in `{stranger}` has signed it");
        assert!(
            told.contains("can't be reached") && told.ends_with(&wanted),
            "{told}"
        );
    }
    let told = refused(&address, "sslrootcert=system");
    assert!(
        told.contains("none of the authorities in the system") || told.contains("no certificate"),
        "{told}"
    );
    a_name_matters_to_verify_full(&server, &known, &authority);
    a_server_may_sign_its_own(&server);
    a_server_without_tls(&server);
}

fn a_name_matters_to_verify_full(server: &Server, known: &Authority, authority: &str) {
    let address = restart(server, Some(&known.sign("db.example.com")));
    let told = refused(&address, &format!("sslmode=verify-full&sslrootcert={authority}"));
    assert!(
        told.contains("db.example.com") && told.ends_with("`sslmode=verify-ca` does not look at the name"),
        "{told}"
    );
    let settings = format!("&sslmode=verify-ca&sslrootcert={authority}");
    assert_eq!(encrypted(&address, &settings), 2);
}

/// As many servers do, with a certificate that is that of an authority besides.
fn a_server_may_sign_its_own(server: &Server) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = params.self_signed(&key).unwrap().pem();
    let address = restart(server, Some(&(own.clone(), key.serialize_pem())));
    let trusted = trust(server, "own.pem", &own);
    let settings = format!("&sslmode=verify-full&sslrootcert={trusted}");
    assert_eq!(encrypted(&address, &settings), 2);
}

fn a_server_without_tls(server: &Server) {
    let address = restart(server, None);
    assert_eq!(encrypted(&address, ""), 0);
    let told = refused(&address, "sslmode=require");
    assert!(
        told.contains("server does not support TLS; switch it on there (`ssl = on`)"),
        "{told}"
    );
}

#[test]
fn authorities_have_to_be_there() {
    let folder = Folder::new();
    let (missing, empty) = (folder.path("missing.pem"), folder.path("empty.pem"));
    std::fs::write(&empty, "").unwrap();
    let told = |file: &std::path::Path| {
        let settings = format!("sslmode=verify-full&sslrootcert={}", file.display());
        refused("postgres://me@localhost:1/jobs", &settings)
    };
    assert!(
        told(&missing).contains("missing.pem` can't be read"),
        "{}",
        told(&missing)
    );
    assert!(
        told(&empty).contains("no certificate of an authority in"),
        "{}",
        told(&empty)
    );
}
