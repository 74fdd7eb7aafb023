//! Access control: who may view and who may steer.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, Method, header};

use crate::token::TokenHash;

/// The permission that a route requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// None: the route shows nothing of the app, such as style sheets and the sign-in page.
    Nothing,
    /// To view the app.
    Read,
    /// To steer the app: to request and terminate runs, to enable and disable tasks, and so on.
    Steer,
}

/// The role of a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The visitor may view the app.
    Reader,
    /// The visitor may view and steer the app.
    Operator,
}

impl Role {
    /// Returns whether the role suffices for a need.
    pub const fn admits(self, need: Need) -> bool {
        match need {
            Need::Nothing | Need::Read => true,
            Need::Steer => matches!(self, Role::Operator),
        }
    }
}

/// A request, as passed to the function of [`Access::decide`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Asked<'a> {
    /// The method.
    pub method: &'a Method,
    /// The address relative to the dashboard, percent-encoded: `/tasks/fetch/run`.
    pub path: &'a str,
    /// The headers, including those set by a proxy or the session of the surrounding app.
    pub headers: &'a HeaderMap,
    /// The permission that the route requires.
    pub need: Need,
    /// The action of the route, such as `run`, `pause` or `set-start`: see [`rocketry_api::Route::action`].
    /// `None` for a read-only route.
    pub action: Option<&'a str>,
}

/// Defines who may view an app through the dashboard, and who may steer it.
///
/// ```
/// use rocketry_dashboard::{Access, Role, Token};
///
/// // Store the hash in the settings, and give the token to a person.
/// let token = Token::generate()?;
/// let access = Access::tokens([(token.hash(), Role::Operator)]);
///
/// // The app around the dashboard knows its users. Their names are in the audit log.
/// let access = Access::decide(|asked| {
///     let user = asked.headers.get("x-user")?.to_str().ok()?;
///     let may = user == "ada" || !matches!(asked.action, Some("shut-down" | "restart"));
///     may.then(|| user.to_owned())
/// });
/// # Ok::<(), rocketry_dashboard::NoRandomness>(())
/// ```
#[derive(Clone)]
pub struct Access(Rule);

#[derive(Clone)]
enum Rule {
    Everyone(Role),
    Tokens(Arc<[Grant]>),
    Decide(Arc<Decide>),
}

type Decide = dyn Fn(&Asked<'_>) -> Verdict + Send + Sync;

/// The decision of an [`Access::decide`] function about a request: whether it is allowed, and who sent it.
///
/// It is converted from a `bool`, or from the name of the visitor as an `Option`, where `None` refuses the
/// request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict(Option<Visitor>);

impl From<bool> for Verdict {
    fn from(may: bool) -> Self {
        Verdict(may.then(Visitor::default))
    }
}

impl<N: Into<Arc<str>>> From<Option<N>> for Verdict {
    fn from(name: Option<N>) -> Self {
        Verdict(name.map(|name| Visitor {
            name: Some(name.into()),
        }))
    }
}

/// The sender of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visitor {
    /// The name, if known.
    pub(crate) name: Option<Arc<str>>,
}

/// A token that grants a role, stored as a hash: see [`Access::tokens`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    name: Arc<str>,
    hash: TokenHash,
    role: Role,
}

/// The name of a token without a name consists of the first digits of its hash.
impl From<(TokenHash, Role)> for Grant {
    fn from((hash, role): (TokenHash, Role)) -> Self {
        let name = format!("token {:.15}", hash.to_string()).into();
        Grant { name, hash, role }
    }
}

impl<N: Into<Arc<str>>> From<(N, TokenHash, Role)> for Grant {
    fn from((name, hash, role): (N, TokenHash, Role)) -> Self {
        let name = name.into();
        Grant { name, hash, role }
    }
}

/// The cookie that carries a token.
pub(crate) const COOKIE: &str = "rocketry_token";

impl Access {
    /// Creates an access with which every visitor may view and none may steer.
    pub fn read_only() -> Self {
        Access(Rule::Everyone(Role::Reader))
    }

    /// Creates an access with which every visitor may view and steer.
    pub fn operator() -> Self {
        Access(Rule::Everyone(Role::Operator))
    }

    /// Creates an access that requires a token. A browser asks for it and keeps it in a cookie; a program
    /// sends `Authorization: Bearer …`. Only hashes of the tokens are stored.
    ///
    /// A token may have a name, which the audit log shows: `("ann", hash, Role::Operator)`.
    pub fn tokens(tokens: impl IntoIterator<Item = impl Into<Grant>>) -> Self {
        Access(Rule::Tokens(tokens.into_iter().map(Into::into).collect()))
    }

    /// Creates an access with which a function decides about each request. The function must not block. It
    /// returns whether the request is allowed, or the name of the visitor if it is; both convert to a
    /// [`Verdict`].
    pub fn decide<V: Into<Verdict>>(decide: impl Fn(&Asked<'_>) -> V + Send + Sync + 'static) -> Self {
        Access(Rule::Decide(Arc::new(move |asked: &Asked<'_>| {
            decide(asked).into()
        })))
    }

    /// Returns true if a request has the permission that its route requires.
    pub(crate) fn admits(&self, asked: &Asked<'_>) -> bool {
        self.admit(asked).is_some()
    }

    /// The sender of a request, if it has the permission that its route requires.
    pub(crate) fn admit(&self, asked: &Asked<'_>) -> Option<Visitor> {
        if asked.need == Need::Nothing {
            return Some(Visitor::default());
        }
        match &self.0 {
            Rule::Everyone(role) => role.admits(asked.need).then(Visitor::default),
            Rule::Tokens(tokens) => {
                let grant = grant_of(tokens, token_in(asked.headers)?)?;
                let name = Some(grant.name.clone());
                grant.role.admits(asked.need).then_some(Visitor { name })
            }
            Rule::Decide(decide) => decide(asked).0,
        }
    }

    /// Returns true if a visitor can sign in with a token.
    pub(crate) fn takes_tokens(&self) -> bool {
        matches!(self.0, Rule::Tokens(_))
    }

    /// Returns true if a token is known.
    pub(crate) fn knows(&self, token: &str) -> bool {
        match &self.0 {
            Rule::Tokens(tokens) => grant_of(tokens, token).is_some(),
            _ => false,
        }
    }
}

/// Shows whether access is for everyone, by tokens, or by a function.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::Everyone(role) => write!(f, "Access::Everyone({role:?})"),
            Rule::Tokens(tokens) => write!(f, "Access::Tokens({})", tokens.len()),
            Rule::Decide(_) => f.write_str("Access::Decide"),
        }
    }
}

/// The role that a token grants; the highest, if it is listed twice. Every hash is compared, so that the time
/// reveals nothing.
fn grant_of<'a>(tokens: &'a [Grant], token: &str) -> Option<&'a Grant> {
    let hash = TokenHash::of(token);
    let of_this = tokens.iter().filter(|grant| grant.hash.is(&hash));
    of_this.max_by_key(|grant| grant.role)
}

/// The token of a request, from its `Authorization` header or else from its cookie.
fn token_in(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if let Some(bearer) = bearer {
        return bearer.strip_prefix("Bearer ").map(str::trim);
    }
    let cookies = headers.get_all(header::COOKIE).iter();
    let cookies = cookies.filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}
