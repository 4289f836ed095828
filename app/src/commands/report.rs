//! `muster report`: a report as a file.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Subcommand;
use muster::clock::Clock;
use muster::metrics::Quarter;
use muster::metrics::dirty::last_complete_day;
use muster::people::{Scope, Sites, find_site, organization_by_slug};
use muster::reports::{self, quarterly};
use muster::{Error, Result};

use super::Source;

/// Reports.
#[derive(Debug, Subcommand)]
pub enum Report {
    /// Makes a report and writes it to a file.
    #[command(subcommand)]
    Run(Run),
}

/// Which report.
#[derive(Debug, Subcommand)]
pub enum Run {
    /// The executive's quarter as a PDF: six numbers, sites side by side, trends, money, in words and charts.
    ///
    ///     muster report run executive-quarterly --org demo --quarter 2026-Q3 --out q3.pdf
    ///     muster report run executive-quarterly --org demo --quarter 2026-Q3 --site DEPOT-1 --out depot.pdf
    ///
    /// A quarter that has not ended is reported up to the last complete day, and says so. People are never named.
    #[command(verbatim_doc_comment)]
    ExecutiveQuarterly {
        /// Short name of the organization.
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// The quarter, such as 2026-Q3.
        #[arg(long)]
        quarter: Quarter,
        /// Code of the one site it is to be about; all by default.
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

impl Report {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        let Self::Run(Run::ExecutiveQuarterly { org, quarter, site, out }) = self;
        let source = Source::open().await?;
        let db = source.migrated(2).await?;
        let mut global = db.global().await?;
        let org = organization_by_slug(&mut global, &org).await?;
        global.commit().await?;
        let now = Clock::system().now();
        let everything = Scope { sites: Sites::All, only_worker: None, names: false };
        let started = Instant::now();
        let mut tx = db.org(org.id).await?;
        let site = match site {
            Some(code) => Some(find_site(&mut tx, &code).await?),
            None => None,
        };
        let last_complete = last_complete_day(org.zone, now);
        let it = quarterly::quarterly(&mut tx, &everything, &org, (quarter, site), last_complete).await?;
        tx.commit().await?;
        let gathered = started.elapsed();
        let pdf = reports::set(quarterly::document(&it, now, org.zone)).await?;
        tokio::fs::write(&out, &pdf.bytes).await.map_err(Error::io(format!("writing {}", out.display())))?;
        println!(
            "{}: {} pages, {} KB; numbers in {} ms, with the PDF {} ms",
            out.display(),
            pdf.pages,
            pdf.bytes.len().div_ceil(1024),
            gathered.as_millis(),
            started.elapsed().as_millis()
        );
        db.close().await;
        source.release()?;
        Ok(ExitCode::SUCCESS)
    }
}
