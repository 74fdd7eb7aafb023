//! Statements, and what differs between the databases that they are for.

/// A value in a statement, in the order of the places.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Param {
    Int(i64),
    Text(String),
    RunId(rocketry_core::RunId),
}

/// A statement with its values.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) params: Vec<Param>,
    /// What stands before the number of a value's place.
    mark: char,
}

impl Statement {
    pub(crate) fn new(dialect: Dialect) -> Self {
        let mark = match dialect {
            Dialect::Sqlite => '?',
            Dialect::Postgres => '$',
        };
        Statement {
            sql: String::new(),
            params: Vec::new(),
            mark,
        }
    }

    /// Adds a value, and gives the place that stands for it.
    pub(crate) fn place(&mut self, param: Param) -> String {
        self.params.push(param);
        format!("{}{}", self.mark, self.params.len())
    }

    /// Gives the last places other values.
    pub(crate) fn end_with<const N: usize>(&mut self, values: [i64; N]) {
        self.params.truncate(self.params.len() - N);
        self.params.extend(values.map(Param::Int));
    }
}

/// What differs between the databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "which of them there are is up to the features")]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The function that finds a text in another: `find(in, what)`, zero if it is not there.
    pub(crate) fn find(self) -> &'static str {
        match self {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        }
    }

    /// How many blocks may as well be looked into as be left to another statement.
    pub(crate) fn gap(self) -> i64 {
        match self {
            Dialect::Sqlite => 4,
            // There and back again.
            Dialect::Postgres => 32,
        }
    }

    /// What an index is called, if the database has to be told to use it.
    pub(crate) fn by_index(self, name: &str) -> String {
        match self {
            Dialect::Sqlite => format!(" INDEXED BY {name}"),
            Dialect::Postgres => String::new(),
        }
    }

    /// Whether a text is one of those in these places. An index of PostgreSQL has the beginnings of texts: the whole of a long one
    /// does not fit.
    pub(crate) fn is_one_of(self, column: &str, places: &[String]) -> String {
        let all = places.join(", ");
        match self {
            Dialect::Sqlite => format!("{column} IN ({all})"),
            Dialect::Postgres => {
                let begins = |place: &String| format!("left({place}, 500)");
                let beginnings: Vec<String> = places.iter().map(begins).collect();
                let beginnings = beginnings.join(", ");
                format!("left({column}, 500) IN ({beginnings}) AND {column} IN ({all})")
            }
        }
    }

    /// Whether something is among the answers to a question, which is asked once.
    pub(crate) fn among(self, question: &str) -> String {
        match self {
            Dialect::Sqlite => format!("IN ({question})"),
            Dialect::Postgres => format!("= ANY (ARRAY({question}))"),
        }
    }

    /// Records that are looked up block by block, in words that leave the database no choice: what it knows of the tables may
    /// be old, or nothing. `each` is said of the records of one block.
    pub(crate) fn in_blocks(self, conditions: &str, each: &str) -> String {
        match self {
            Dialect::Sqlite => format!(
                "rocketry_block AS block CROSS JOIN rocketry_record AS record INDEXED BY rocketry_record_by_task \
                 WHERE record.block = block.id AND {conditions}"
            ),
            Dialect::Postgres => format!(
                "rocketry_block AS block CROSS JOIN LATERAL (SELECT * FROM rocketry_record AS record \
                 WHERE record.block = block.id AND {conditions} {each}) AS record WHERE true"
            ),
        }
    }
}
