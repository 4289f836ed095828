//! `muster report`: a report as a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Subcommand;
use muster::clock::Clock;
use muster::database::OrgTx;
use muster::metrics::dirty::last_complete_day;
use muster::metrics::{Month, Quarter};
use muster::people::{Organization, Scope, Sites, find_client, find_site, organization_by_slug};
use muster::reports::operations::{self, Week};
use muster::reports::{self, Document, client_monthly, quarterly};
use muster::units::SiteId;
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
    /// The client's month as a PDF: shifts filled, work in time, satisfaction, incidents and placements at its sites.
    ///
    ///     muster report run client-monthly --org demo --client C01 --month 2026-10 --out october.pdf
    ///
    /// A month that has not ended is reported up to the last complete day, and says so. Nothing about pay, and no person.
    #[command(verbatim_doc_comment)]
    ClientMonthly {
        /// Short name of the organization.
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// Code of the client.
        #[arg(long, value_name = "CODE")]
        client: String,
        /// The month, such as 2026-10.
        #[arg(long)]
        month: Month,
        /// Code of the one site it is to be about; all of the client's by default.
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// The operation's day as a PDF: shifts, no-shows, work in time, cost and revenue; of the last day also what is ahead.
    ///
    ///     muster report run operations-daily --org demo --out yesterday.pdf
    ///     muster report run operations-daily --org demo --day 2026-10-31 --out halloween.pdf
    ///
    /// The numbers are those of /alignment/report/daily. People are never named.
    #[command(verbatim_doc_comment)]
    OperationsDaily {
        /// Short name of the organization.
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// A day that is over, such as 2026-10-31; the last by default.
        #[arg(long)]
        day: Option<NaiveDate>,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// The operation's week as a PDF: day by day and against the week before, sites that stand out, alerts and what to do.
    ///
    ///     muster report run operations-weekly --org demo --out week.pdf
    ///     muster report run operations-weekly --org demo --week 2026-W44 --out week.pdf
    ///
    /// The numbers are those of /alignment/report/weekly. People are never named.
    #[command(verbatim_doc_comment)]
    OperationsWeekly {
        /// Short name of the organization.
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// The week, such as 2026-W44; the last that is over by default.
        #[arg(long)]
        week: Option<Week>,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

impl Run {
    fn org(&self) -> &str {
        match self {
            Self::ExecutiveQuarterly { org, .. }
            | Self::ClientMonthly { org, .. }
            | Self::OperationsDaily { org, .. }
            | Self::OperationsWeekly { org, .. } => org,
        }
    }

    fn out(&self) -> &Path {
        match self {
            Self::ExecutiveQuarterly { out, .. }
            | Self::ClientMonthly { out, .. }
            | Self::OperationsDaily { out, .. }
            | Self::OperationsWeekly { out, .. } => out,
        }
    }

    /// What it says.
    async fn document(&self, tx: &mut OrgTx, org: &Organization, now: DateTime<Utc>) -> Result<Document> {
        let last_complete = last_complete_day(org.zone, now);
        let nobody_named = |sites| Scope { sites, only_worker: None, names: false };
        match self {
            Self::ExecutiveQuarterly { quarter, site, .. } => {
                let asked = (*quarter, site_of(tx, site.as_deref()).await?);
                let it = quarterly::quarterly(tx, &nobody_named(Sites::All), org, asked, last_complete).await?;
                Ok(quarterly::document(&it, now, org.zone))
            }
            Self::ClientMonthly { client, month, site, .. } => {
                let scope = nobody_named(Sites::OfClient(find_client(tx, client).await?));
                let asked = (*month, site_of(tx, site.as_deref()).await?);
                let it = client_monthly::monthly(tx, &scope, org, asked, last_complete).await?;
                Ok(client_monthly::document(&it, now, org.zone))
            }
            Self::OperationsDaily { day, .. } => {
                let day = day.unwrap_or(last_complete);
                let it = operations::daily::daily(tx, &nobody_named(Sites::All), org, day, now).await?;
                Ok(operations::daily::document(&it, now, org.zone))
            }
            Self::OperationsWeekly { week, .. } => {
                let week = week.unwrap_or_else(|| Week::last_over(last_complete));
                let it = operations::weekly::weekly(tx, &nobody_named(Sites::All), org, week, last_complete).await?;
                Ok(operations::weekly::document(&it, now, org.zone))
            }
        }
    }
}

async fn site_of(tx: &mut OrgTx, code: Option<&str>) -> Result<Option<SiteId>> {
    match code {
        Some(code) => find_site(tx, code).await.map(Some),
        None => Ok(None),
    }
}

impl Report {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        let Self::Run(run) = self;
        let source = Source::open().await?;
        let db = source.migrated(2).await?;
        let mut global = db.global().await?;
        let org = organization_by_slug(&mut global, run.org()).await?;
        global.commit().await?;
        let started = Instant::now();
        let mut tx = db.org(org.id).await?;
        let document = run.document(&mut tx, &org, Clock::system().now()).await?;
        tx.commit().await?;
        let (gathered, out) = (started.elapsed(), run.out());
        let pdf = reports::set(document).await?;
        tokio::fs::write(out, &pdf.bytes).await.map_err(Error::io(format!("writing {}", out.display())))?;
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
