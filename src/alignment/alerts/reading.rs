//! What is read of one thing that may be off course: all an alert is made of.

use super::state::{Level, Limits, Seen};

/// What kind of thing. Each kind is read by one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A KPI of the organization's set.
    Kpi,
    /// Shifts of a site that will hardly be filled.
    ShiftsAtRisk,
    /// Certifications of a site's people that run out before a planned shift.
    Certifications,
    /// A month that will cost more than its budget.
    Budget,
    /// A client whose health is low or falls.
    CustomerHealth,
    /// The score of the data, or of one check of it.
    DataQuality,
    /// A job that was given up.
    Job,
    /// A scheduled report that does not go out.
    Report,
    /// A check that could not be made.
    Check,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Kpi,
        Self::ShiftsAtRisk,
        Self::Certifications,
        Self::Budget,
        Self::CustomerHealth,
        Self::DataQuality,
        Self::Job,
        Self::Report,
        Self::Check,
    ];

    /// As it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Kpi => "kpi",
            Self::ShiftsAtRisk => "shifts-at-risk",
            Self::Certifications => "certifications",
            Self::Budget => "budget",
            Self::CustomerHealth => "customer-health",
            Self::DataQuality => "data-quality",
            Self::Job => "job",
            Self::Report => "report",
            Self::Check => "check",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Kpi => "KPI",
            Self::ShiftsAtRisk => "Shifts at risk",
            Self::Certifications => "Certifications",
            Self::Budget => "Budget",
            Self::CustomerHealth => "Customer health",
            Self::DataQuality => "Data quality",
            Self::Job => "Jobs",
            Self::Report => "Reports",
            Self::Check => "Checks",
        }
    }

    /// Out of what is stored.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One thing, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What kind of thing.
    pub kind: Kind,
    /// Which of its kind: the code of a KPI, the id of a site.
    pub key: String,
    /// What an alert about it is called; names nobody.
    pub title: String,
    /// One sentence with the numbers; names nobody.
    pub detail: String,
    /// How it stands.
    pub level: Level,
    /// What was measured.
    pub value: Option<f64>,
    /// By what it is judged, where that is a threshold.
    pub limits: Option<Limits>,
}

impl Reading {
    /// A value against its thresholds; no value is no data.
    #[must_use]
    pub fn measured(kind: Kind, key: &str, title: &str, value: Option<f64>, limits: Limits) -> Self {
        let level = value.map_or(Level::NoData, |value| limits.judge(value));
        Self { value, limits: Some(limits), ..Self::plain(kind, key, title, level) }
    }

    /// Something that is as it is, without a threshold.
    #[must_use]
    pub fn plain(kind: Kind, key: &str, title: &str, level: Level) -> Self {
        let (key, title) = (key.chars().take(200).collect(), title.chars().take(200).collect());
        Self { kind, key, title, detail: String::new(), level, value: None, limits: None }
    }

    /// With a sentence that says more.
    #[must_use]
    pub fn saying(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// With a number that is no measure against a threshold, such as how many there are.
    #[must_use]
    pub fn counting(self, value: i64) -> Self {
        Self { value: Some(value as f64), ..self }
    }

    /// What the machine sees of it.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen { level: self.level, measured: self.value.zip(self.limits) }
    }

    /// The threshold that it is beyond, or would be first.
    #[must_use]
    pub fn threshold(&self) -> Option<f64> {
        self.limits.map(|limits| if self.level == Level::Critical { limits.critical } else { limits.warning })
    }
}

/// What a forecast says of a month's budget: an alert where going over is likelier than not, critical from nine in ten on.
/// `key` names the month or the site and month; `None` where there is no forecast or no budget.
#[must_use]
pub fn over_budget(key: &str, title: &str, probability: Option<f64>) -> Reading {
    let limits = Limits { warning: 0.5, critical: 0.9, higher_is_better: false };
    let reading = Reading::measured(Kind::Budget, key, title, probability, limits);
    match probability {
        Some(p) => {
            reading.saying(format!("The forecast ends above the budget with a probability of {:.0} %.", 100.0 * p))
        }
        None => reading,
    }
}
