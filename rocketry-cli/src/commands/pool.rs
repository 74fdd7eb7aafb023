//! `pool`: the pools and their sizes.

use clap::Args;
use rocketry_core::PoolInfo;

use super::context::Context;
use super::steer::said;
use crate::exit::Outcome;
use crate::output::{Cell, Table};

/// Lists the pools and their use, and changes the size of one
///
/// Runs in progress continue if a pool shrinks; further runs wait for room.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pool                                     all pools
  pool database 8                          lets eight runs into it at a time")]
pub(crate) struct Pool {
    /// The pool
    #[arg(requires = "size")]
    pool: Option<String>,
    /// The new maximum number of concurrent runs
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    size: Option<u64>,
}

/// The fields in CSV.
const FIELDS: &[&str] = &["name", "size", "used", "waiting"];

impl Pool {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        if let Some((pool, size)) = self.pool.zip(self.size) {
            let done = context.reach.steerer().await?.set_pool(&pool, size).await?;
            return said(context, &done.message);
        }
        let pools = context.reach.reader().await?.pools().await?;
        context.out.list(&pools, FIELDS, |_| table(&pools))
    }
}

fn table(pools: &[PoolInfo]) -> Table {
    let mut table = Table::new(&["POOL", "SIZE", "IN USE", "WAITING"], "the app has no pools");
    for pool in pools {
        table.row([
            Cell::new(&*pool.name),
            Cell::new(pool.size.to_string()),
            Cell::new(pool.used.to_string()),
            Cell::of((pool.waiting > 0).then(|| pool.waiting.to_string())),
        ]);
    }
    table
}
