//! Decides who may look and who may steer.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, Method, header};

use crate::token::TokenHash;

/// What a route needs from its visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Nothing: the route shows nothing of the app. Style sheets and the page to sign in are such routes.
    Nothing,
    /// To look at the app.
    Read,
    /// To steer the app: to request runs, to end them, to enable and to disable tasks.
    Steer,
}

/// What a visitor may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The visitor may look at the app.
    Reader,
    /// The visitor may look at the app and steer it.
    Operator,
}

impl Role {
    /// Whether the role suffices for a need.
    pub const fn admits(self, need: Need) -> bool {
        match need {
            Need::Nothing | Need::Read => true,
            Need::Steer => matches!(self, Role::Operator),
        }
    }
}

/// A request that an [`Access::decide`] function judges.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Asked<'a> {
    /// The method.
    pub method: &'a Method,
    /// The address below that of the dashboard, percent-encoded: `/tasks/fetch/run`.
    pub path: &'a str,
    /// The headers, among them those that a proxy or a session of the surrounding app has set.
    pub headers: &'a HeaderMap,
    /// What the route needs.
    pub need: Need,
}

/// Who may look at an app through the dashboard, and who may steer it.
///
/// ```
/// use rocketry_dashboard::{Access, Role, Token};
///
/// // Store the hash in the settings, and give the token to a person.
/// let token = Token::generate()?;
/// let access = Access::tokens([(token.hash(), Role::Operator)]);
///
/// // The app around the dashboard knows its users.
/// let access = Access::decide(|asked| {
///     asked.headers.get("x-user").is_some_and(|user| user == "ada")
/// });
/// # Ok::<(), rocketry_dashboard::NoRandomness>(())
/// ```
#[derive(Clone)]
pub struct Access(Rule);

#[derive(Clone)]
enum Rule {
    Everyone(Role),
    Tokens(Arc<[(TokenHash, Role)]>),
    Decide(Arc<Decide>),
}

type Decide = dyn Fn(&Asked<'_>) -> bool + Send + Sync;

/// The cookie that carries a token.
pub(crate) const COOKIE: &str = "rocketry_token";

impl Access {
    /// Every visitor may look, and none may steer.
    pub fn read_only() -> Self {
        Access(Rule::Everyone(Role::Reader))
    }

    /// Every visitor may look and steer.
    pub fn operator() -> Self {
        Access(Rule::Everyone(Role::Operator))
    }

    /// Visitors need a token: a browser asks for it and keeps it in a cookie, a program sends
    /// `Authorization: Bearer …`. Only hashes of the tokens are kept.
    pub fn tokens(tokens: impl IntoIterator<Item = (TokenHash, Role)>) -> Self {
        Access(Rule::Tokens(tokens.into_iter().collect()))
    }

    /// A function decides about each request. It must not block.
    pub fn decide(decide: impl Fn(&Asked<'_>) -> bool + Send + Sync + 'static) -> Self {
        Access(Rule::Decide(Arc::new(decide)))
    }

    /// Whether a request may do what its route needs.
    pub(crate) fn admits(&self, asked: &Asked<'_>) -> bool {
        if asked.need == Need::Nothing {
            return true;
        }
        match &self.0 {
            Rule::Everyone(role) => role.admits(asked.need),
            Rule::Tokens(tokens) => {
                role_of(tokens, asked.headers).is_some_and(|role| role.admits(asked.need))
            }
            Rule::Decide(decide) => decide(asked),
        }
    }

    /// Whether a visitor can sign in with a token.
    pub(crate) fn takes_tokens(&self) -> bool {
        matches!(self.0, Rule::Tokens(_))
    }

    /// Whether a token is known.
    pub(crate) fn knows(&self, token: &str) -> bool {
        match &self.0 {
            Rule::Tokens(tokens) => role_of_token(tokens, token).is_some(),
            _ => false,
        }
    }
}

/// Whether the rule is for everyone, for tokens, or a function.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::Everyone(role) => write!(f, "Access::Everyone({role:?})"),
            Rule::Tokens(tokens) => write!(f, "Access::Tokens({})", tokens.len()),
            Rule::Decide(_) => f.write_str("Access::Decide"),
        }
    }
}

fn role_of(tokens: &[(TokenHash, Role)], headers: &HeaderMap) -> Option<Role> {
    role_of_token(tokens, token_in(headers)?)
}

/// The role of a token. Every hash is compared, so that the time tells nothing.
fn role_of_token(tokens: &[(TokenHash, Role)], token: &str) -> Option<Role> {
    let hash = TokenHash::of(token);
    let of_this = tokens.iter().filter(|(known, _)| known.is(&hash));
    of_this.map(|(_, role)| *role).max()
}

/// The token of a request: that of its `Authorization` header, else that of its cookie.
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
