//! The common parts of both pictures: the frame with its colours, and text.

use std::fmt;

/// The style of the pictures: light, or dark if the reader prefers it.
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#3d444d}\
.title{font-size:15px;font-weight:600;fill:#1f2328}\
.faint{fill:#6e7781;font-size:11px}\
.back{fill:#ffffff}\
.line{stroke:#d8dee4}\
.band{fill:#f6f8fa}\
.none{fill:#eff2f5}\
.heat{fill:#0a63c9}\
.success{fill:#2f8f46}\
.fail{fill:#d1333d}\
.terminate{fill:#b7791f}\
.inaction{fill:#8c959f}\
.crash{fill:#8250df}\
.planned{fill:#0a63c9}\
@media (prefers-color-scheme:dark){\
text{fill:#c4ccd4}\
.title{fill:#f0f3f6}\
.faint{fill:#8b949e}\
.back{fill:#0d1117}\
.line{stroke:#2d343c}\
.band{fill:#151b23}\
.none{fill:#1b2129}\
.heat,.planned{fill:#58a6ff}\
.success{fill:#3fb950}\
.fail{fill:#ff6a69}\
.terminate{fill:#d9a03a}\
.inaction{fill:#7d8590}\
.crash{fill:#a371f7}\
}";

/// A picture of a size with a title.
pub(super) fn picture((width, height): (u32, u32), title: &str, content: &str) -> String {
    let title = Escaped(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"{title}\">\n<style>{STYLE}</style>\n\
         <rect class=\"back\" width=\"{width}\" height=\"{height}\"/>\n\
         <text class=\"title\" x=\"16\" y=\"28\">{title}</text>\n{content}</svg>\n"
    )
}

/// A text inside XML.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // XML does not allow these.
                other if other.is_control() => {}
                other => write!(f, "{other}")?,
            }
        }
        Ok(())
    }
}

/// A text of at most `most` characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{kept}…")
}
