//! `muster migrate`

use std::process::ExitCode;

use muster::Result;

use super::Source;

/// Applies the migrations and checks that the serving role is weak enough.
pub async fn run() -> Result<ExitCode> {
    let source = Source::open().await?;
    source.migrated(1).await?.close().await;
    source.release()?;
    println!("the database holds every migration of this build");
    Ok(ExitCode::SUCCESS)
}
