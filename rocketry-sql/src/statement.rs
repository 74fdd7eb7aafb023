//! SQL statements, and the differences between the databases.

/// A value of a statement, in the order of the placeholders.
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
    /// The prefix of a placeholder.
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

    /// Adds a value and returns its placeholder.
    pub(crate) fn place(&mut self, param: Param) -> String {
        self.params.push(param);
        format!("{}{}", self.mark, self.params.len())
    }

    /// Replaces the last values.
    pub(crate) fn end_with<const N: usize>(&mut self, values: [i64; N]) {
        self.params.truncate(self.params.len() - N);
        self.params.extend(values.map(Param::Int));
    }
}

/// The differences between the databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "which of them there are is up to the features")]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The function that finds a text in another: `find(in, what)` is 0 if there is none.
    pub(crate) fn find(self) -> &'static str {
        match self {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        }
    }

    /// How many unneeded blocks may be searched to save a statement.
    pub(crate) fn gap(self) -> i64 {
        match self {
            Dialect::Sqlite => 4,
            // A round trip to the server.
            Dialect::Postgres => 32,
        }
    }

    /// The clause that names the index to use, if the database needs it.
    pub(crate) fn by_index(self, name: &str) -> String {
        match self {
            Dialect::Sqlite => format!(" INDEXED BY {name}"),
            Dialect::Postgres => String::new(),
        }
    }

    /// The condition that a text equals one of the placeholders. PostgreSQL indexes only the beginning of
    /// texts, because a long text exceeds the size of an index row.
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

    /// The condition that something is in the result of a query that runs once.
    pub(crate) fn among(self, question: &str) -> String {
        match self {
            Dialect::Sqlite => format!("IN ({question})"),
            Dialect::Postgres => format!("= ANY (ARRAY({question}))"),
        }
    }

    /// Searches for records block by block, written so that the planner has no choice: its statistics may be
    /// old or missing. `each` applies to the records of one block.
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
