//! Colours, if the terminal supports them.

/// Whether colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Plain,
    Coloured,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Colour {
    #[default]
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Blue,
}

impl Colour {
    /// The number of the colour in a control sequence.
    fn number(self) -> Option<u8> {
        match self {
            Colour::Plain => None,
            Colour::Bold => Some(1),
            Colour::Dim => Some(2),
            Colour::Red => Some(31),
            Colour::Green => Some(32),
            Colour::Yellow => Some(33),
            Colour::Blue => Some(34),
        }
    }

    /// The colour of a status or an action.
    pub(crate) fn of_status(status: &str) -> Self {
        match status {
            "success" => Colour::Green,
            "fail" | "crash" => Colour::Red,
            "terminate" | "paused" | "disabled" | "skip" => Colour::Yellow,
            "running" | "run" => Colour::Blue,
            _ => Colour::Dim,
        }
    }
}

impl Paint {
    /// The text in a colour.
    pub(crate) fn with(self, colour: Colour, text: &str) -> String {
        match (self, colour.number()) {
            (Paint::Coloured, Some(number)) if !text.is_empty() => format!("\x1b[{number}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}
