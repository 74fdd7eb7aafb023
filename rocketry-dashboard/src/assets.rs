//! The static files of the pages. Their names contain a hash of their content, so a browser may cache them
//! forever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// A file.
pub(crate) struct Asset {
    /// Its name, such as `style-0123abcd.css`.
    pub(crate) name: String,
    kind: &'static str,
    content: &'static [u8],
}

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, content: &'static [u8]) -> Self {
        let hash = Sha256::digest(content);
        let [a, b, c, d] = [hash[0], hash[1], hash[2], hash[3]];
        let name = format!("{stem}-{a:02x}{b:02x}{c:02x}{d:02x}.{ending}");
        Asset { name, kind, content }
    }
}

pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "style",
        "css",
        "text/css; charset=utf-8",
        include_bytes!("../assets/style.css"),
    )
});
pub(crate) static THEME: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "theme",
        "js",
        "text/javascript; charset=utf-8",
        include_bytes!("../assets/theme.js"),
    )
});
pub(crate) static LIVE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "live",
        "js",
        "text/javascript; charset=utf-8",
        include_bytes!("../assets/live.js"),
    )
});
pub(crate) static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "icon",
        "svg",
        "image/svg+xml",
        include_bytes!("../assets/icon.svg"),
    )
});

/// Serves a file.
pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    let all = [&STYLE, &THEME, &LIVE, &ICON];
    let Some(asset) = all.into_iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, asset.content).into_response()
}
