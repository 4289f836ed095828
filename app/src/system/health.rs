//! What the engine says of its parts, with what this process knows of itself.

use muster::people::Organization;
use muster::system::{self, Fact, Look, PATIENCE, Part, State, overall};

use crate::server::App;

/// Everything, the worst first among what is not fine.
#[derive(Debug, Clone)]
pub(super) struct Health {
    pub state: State,
    pub parts: Vec<Part>,
}

/// Looks at every part, for this organization; `None`: at what belongs to none.
pub(super) async fn health(app: &App, org: Option<Organization>) -> Health {
    let asked = Look { org, home: app.home.to_path_buf(), now: app.clock.now(), patience: PATIENCE };
    let mut parts = system::look(&app.db, &asked).await;
    let (five_minutes, hour) = app.meter.answered();
    parts.push(system::requests(five_minutes, hour));
    parts.push(process(app));
    Health { state: overall(&parts), parts }
}

fn process(app: &App) -> Part {
    let fact = |name: &str, value: String| Fact { name: name.into(), value };
    let seconds = app.meter.uptime().as_secs();
    let up = match seconds {
        0..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    };
    Part {
        code: "process",
        title: "This instance",
        state: State::Fine,
        says: format!("Version {}, up for {up}.", env!("CARGO_PKG_VERSION")),
        facts: vec![fact("Version", env!("CARGO_PKG_VERSION").into()), fact("Up for", up)],
    }
}
