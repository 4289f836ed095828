//! The list.

use super::Definition;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// How an organization gets going.
    Onboarding,
    /// What the product is for.
    CoreUse,
    /// What is looked at and used.
    Engagement,
    /// Where somebody got stuck.
    Friction,
}

impl Sort {
    /// All, in the order of the handbook.
    pub const ALL: [Self; 4] = [Self::Onboarding, Self::CoreUse, Self::Engagement, Self::Friction];

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Onboarding => "Onboarding",
            Self::CoreUse => "Core use",
            Self::Engagement => "Engagement",
            Self::Friction => "Friction",
        }
    }
}

/// What a property may hold. There is no free text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number from 0 to this.
    Whole(u32),
    /// A number from 0 to this.
    Number(u32),
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A name of ours: small letters, digits, `-`, `_`, `.`; at most 60.
    Name,
    /// The pattern of an address of ours, such as `/team/{site}`: no query, no id; at most 100.
    Page,
}

impl Kind {
    /// What is expected, in words.
    #[must_use]
    pub fn expects(self) -> String {
        match self {
            Self::Whole(most) => format!("a whole number from 0 to {most}"),
            Self::Number(most) => format!("a number from 0 to {most}"),
            Self::Flag => "true or false".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Name => "a name of small letters, digits, '-', '_' and '.', at most 60".into(),
            Self::Page => "the pattern of a page such as /team/{site}, without a query and without ids".into(),
        }
    }
}

/// One field of an event.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

impl Property {
    const fn must(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: true }
    }

    const fn may(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false }
    }

    pub(super) fn described(&self) -> String {
        let may = if self.required { "" } else { ", may be left out" };
        format!("`{}`: {}{may}", self.name, self.kind.expects())
    }
}

const fn event(name: &'static str, sort: Sort, when: &'static str, properties: &'static [Property]) -> Definition {
    Definition { name, sort, when, properties }
}

const PAGE: Property = Property::must("page", Kind::Page);
const SHIFTS: Property = Property::may("shifts", Kind::Whole(1_000_000));
const SECONDS: Property = Property::may("seconds", Kind::Number(86_400));
const ALGORITHM: Property = Property::may("algorithm", Kind::Name);

/// Every event.
pub const EVENTS: &[Definition] = &[
    event("signup_started", Sort::Onboarding, "Somebody opened the form to sign up.", &[]),
    event("signup_completed", Sort::Onboarding, "The form was sent.", &[]),
    event("first_worker_added", Sort::Onboarding, "The organization has its first worker.", &[]),
    event("first_site_added", Sort::Onboarding, "The organization has its first site.", &[]),
    event("first_shift_added", Sort::Onboarding, "The organization has its first shift.", &[]),
    event("first_roster_generated", Sort::Onboarding, "The organization has its first roster.", &[]),
    event("onboarding_completed", Sort::Onboarding, "The first roster is confirmed.", &[]),
    event(
        "roster_generated",
        Sort::CoreUse,
        "A roster was proposed.",
        &[ALGORITHM, SHIFTS, SECONDS, Property::may("fill_rate", Kind::Number(1))],
    ),
    event(
        "roster_confirmed",
        Sort::CoreUse,
        "A proposal was confirmed.",
        &[SHIFTS, Property::may("open", Kind::Whole(1_000_000))],
    ),
    event("roster_overridden", Sort::CoreUse, "A line of a proposal was changed by hand.", &[]),
    event(
        "shift_created",
        Sort::CoreUse,
        "A shift was added, by itself or many at once.",
        &[Property::must("how", Kind::Word(&["manual", "bulk"])), Property::may("count", Kind::Whole(1_000_000))],
    ),
    event("filter_used", Sort::CoreUse, "A page was narrowed down.", &[PAGE]),
    event(
        "export_triggered",
        Sort::CoreUse,
        "A file was taken.",
        &[PAGE, Property::must("format", Kind::Word(&["csv", "xlsx", "pdf", "json"]))],
    ),
    event("dashboard_viewed", Sort::Engagement, "A page was opened.", &[PAGE]),
    event("feature_clicked", Sort::Engagement, "A button was used.", &[Property::must("feature", Kind::Name)]),
    event(
        "search",
        Sort::Engagement,
        "Something was searched for; what is not noted.",
        &[PAGE, Property::may("results", Kind::Whole(1_000_000))],
    ),
    event(
        "help",
        Sort::Engagement,
        "Somebody asked how a number is computed, or opened a help page.",
        &[PAGE, Property::may("topic", Kind::Name)],
    ),
    event("form_abandoned", Sort::Friction, "A form was begun and left.", &[Property::must("form", Kind::Name)]),
    event(
        "error",
        Sort::Friction,
        "Something went wrong on our side.",
        &[PAGE, Property::may("status", Kind::Whole(599))],
    ),
    event("optimization_timeout", Sort::Friction, "A roster took too long.", &[ALGORITHM, SHIFTS, SECONDS]),
    event(
        "constraint_violation",
        Sort::Friction,
        "What somebody wanted breaks a rule.",
        &[Property::must("rule", Kind::Name), Property::may("count", Kind::Whole(1_000_000))],
    ),
];
