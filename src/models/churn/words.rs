//! Why somebody may leave, in the words of hr, with the numbers.

use super::fact::{Cause, Fact};
use super::snapshot::Look;

/// Reasons of one person, at most.
const MOST: usize = 3;
/// What weighs less, in log odds, is no reason.
const LEAST: f64 = 0.02;

/// What raises the probability most, strongest first: each cause once, with what its facts add together, and in the words
/// of the fact that adds most. `contributions` are those of the facts, in log odds.
pub(super) fn reasons(look: &Look, contributions: &[(Fact, f64)]) -> Vec<(Cause, String)> {
    let mut causes: Vec<(Cause, f64, Fact)> = Vec::new();
    for cause in Cause::ALL {
        let of: Vec<(Fact, f64)> = contributions.iter().copied().filter(|(fact, _)| fact.cause() == cause).collect();
        let sum: f64 = of.iter().map(|(_, effect)| effect).sum();
        // What is not known gives no words.
        let known = of.into_iter().filter(|(fact, effect)| *effect > 0.0 && !look.value(*fact).is_nan());
        if let Some((fact, _)) = known.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| sum > LEAST) {
            causes.push((cause, sum, fact));
        }
    }
    causes.sort_by(|a, b| b.1.total_cmp(&a.1));
    causes.truncate(MOST);
    causes.into_iter().map(|(cause, _, fact)| (cause, words(fact, look))).collect()
}

fn words(fact: Fact, look: &Look) -> String {
    let value = look.value(fact);
    let its = look.evidence;
    match fact {
        Fact::HoursChange | Fact::HoursOfContract => hours(look),
        Fact::NightsChange | Fact::NightsOfSite => {
            let mut said = format!("{} of the shifts of the last 4 weeks were nights", percent(its.nights));
            let site = (!its.nights_of_site.is_nan()).then(|| format!("{} at the site", percent(its.nights_of_site)));
            let own =
                (!its.nights_before.is_nan()).then(|| format!("{} of the own before", percent(its.nights_before)));
            let compared: Vec<String> = own.into_iter().chain(site).collect();
            if !compared.is_empty() {
                said = format!("{said} ({})", compared.join(", "));
            }
            said
        }
        Fact::WeekendsOfSite => format!(
            "{} of the shifts of 8 weeks were on weekends ({} at the site)",
            percent(its.weekends),
            percent(its.weekends_of_site)
        ),
        Fact::OffersRefused => offers(look),
        Fact::Certificate => {
            let name = look.certificate.as_deref().unwrap_or("A certificate");
            match value as i64 {
                ..0 => format!("{name} expired {} ago", count(-value, "day")),
                0 => format!("{name} expires today"),
                _ => format!("{name} expires in {}", count(value, "day")),
            }
        }
        Fact::Commute => format!("The way to work is about {value:.0} km"),
        Fact::PayOfRole => {
            let way = if value < 0.0 { "less" } else { "more" };
            format!("Earns {} {way} an hour than the middle of the job role", percent(value.abs()))
        }
        Fact::PaySwing => format!("Pay swings by {} between weeks (8 weeks)", percent(value)),
        Fact::NoShows if value < 0.5 => "No absence without a call in 8 weeks".into(),
        Fact::NoShows => format!("{} without a call in 8 weeks", count(value, "absence")),
        Fact::Late => format!("Late to {} of the shifts of 8 weeks", percent(value)),
        Fact::Bpi => format!("BPI is {value:.1}"),
        Fact::BpiChange => {
            let way = if value < 0.0 { "fell" } else { "rose" };
            format!("BPI {way} by {:.1} to {:.1} in 8 weeks", value.abs(), look.value(Fact::Bpi))
        }
        Fact::Thanks if value < 0.5 => "No thanks from anybody in 12 weeks".into(),
        Fact::Thanks => format!("Thanked {} in 12 weeks", count(value, "time")),
        Fact::RefusedLeave if value < 0.5 => "No leave was refused in half a year".into(),
        Fact::RefusedLeave => format!("{} for leave refused in half a year", count(value, "request")),
        Fact::Tenure if value < 2.0 => format!("Here for {}", count((12.0 * value).floor(), "month")),
        Fact::Tenure => format!("Here for {}", count(value.floor(), "year")),
    }
}

fn hours(look: &Look) -> String {
    let (its, change) = (look.evidence, look.value(Fact::HoursChange));
    let now = its.hours;
    let contract = if its.contract.is_nan() { String::new() } else { format!(", contract {:.0}", its.contract) };
    match change {
        // A change within a tenth is none to speak of.
        change if change.abs() >= 0.1 => {
            let way = if change < 0.0 { "fell" } else { "rose" };
            let by = percent(change.abs());
            format!(
                "Hours {way} by {by}: {now:.0} a week in the last 4 weeks, {:.0} in the 8 before{contract}",
                its.hours_before
            )
        }
        _ => format!("{now:.0} hours a week in the last 4 weeks{contract}"),
    }
}

fn offers(look: &Look) -> String {
    let refused = look.value(Fact::OffersRefused);
    let taken = look.evidence.offers - refused;
    match (refused as i64, taken as i64) {
        (0, 0) => "Was offered no extra shift in 8 weeks".into(),
        (0, _) => format!("Took {} that was offered in 8 weeks", count(taken, "extra shift")),
        (_, 0) => format!("Took none of {} offered in 8 weeks", count(refused, "extra shift")),
        _ => format!("Did not take {refused:.0} of {} offered in 8 weeks", count(refused + taken, "extra shift")),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0}\u{a0}%", 100.0 * share)
}

fn count(n: f64, one: &str) -> String {
    if (n - 1.0).abs() < 0.5 { format!("{n:.0} {one}") } else { format!("{n:.0} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::tests::somebody;
    use super::super::snapshot::{Person, looks};
    use super::*;

    fn seen(change: impl FnOnce(&mut Person)) -> Look {
        let mut people: Vec<Person> = (1..8).map(somebody).collect();
        change(&mut people[0]);
        looks("2026-03-01".parse().unwrap(), &people).swap_remove(0)
    }

    #[track_caller]
    fn check(fact: Fact, change: impl FnOnce(&mut Person), expected: &str) {
        let told = reasons(&seen(change), &[(fact, 1.0)]);
        let told: Vec<String> = told.into_iter().map(|(_, words)| words.replace('\u{a0}', " ")).collect();
        assert_eq!(told, [expected]);
    }

    #[test]
    fn each_reason_names_its_numbers() {
        let cut = |it: &mut Person| it.weeks[..4].iter_mut().for_each(|week| week.hours = 20.0);
        check(
            Fact::HoursChange,
            cut,
            "Hours fell by 50 %: 20 a week in the last 4 weeks, 40 in the 8 before, contract 40",
        );
        check(Fact::HoursOfContract, |_| {}, "40 hours a week in the last 4 weeks, contract 40");
        let nights = |it: &mut Person| it.weeks[..4].iter_mut().for_each(|week| week.nights = 5.0);
        check(
            Fact::NightsChange,
            nights,
            "100 % of the shifts of the last 4 weeks were nights (0 % of the own before, 14 % at the site)",
        );
        let expires = |day: &'static str| {
            move |it: &mut Person| it.certificate = Some(("First aid".into(), day.parse().unwrap()))
        };
        check(Fact::Certificate, expires("2026-03-02"), "First aid expires in 1 day");
        check(Fact::Certificate, expires("2026-02-17"), "First aid expired 12 days ago");
        check(
            Fact::OffersRefused,
            |it| (it.offers.all, it.offers.refused) = (6.0, 6.0),
            "Took none of 6 extra shifts offered in 8 weeks",
        );
        check(Fact::Commute, |it| it.work = Some((-26.0, 28.4)), "The way to work is about 40 km");
        check(
            Fact::PayOfRole,
            |it| it.weeks.iter_mut().for_each(|week| week.regular_pay = 368.0),
            "Earns 8 % less an hour than the middle of the job role",
        );
        check(Fact::BpiChange, |_| {}, "BPI fell by 5.0 to 70.0 in 8 weeks");
        check(Fact::Tenure, |_| {}, "Here for 11 months");
    }

    #[test]
    fn a_cause_is_told_once_with_what_all_its_facts_add() {
        let look = seen(|_| {});
        let told = reasons(
            &look,
            &[
                (Fact::Commute, 0.8),
                (Fact::HoursOfContract, 0.5),
                (Fact::HoursChange, 0.4),
                (Fact::Tenure, 0.3),
                (Fact::Thanks, 0.2),
                (Fact::Late, -2.0),
            ],
        );
        let causes: Vec<Cause> = told.into_iter().map(|(cause, _)| cause).collect();
        assert_eq!(causes, [Cause::Hours, Cause::Commute, Cause::Tenure], "what speaks for staying is no reason");
    }

    #[test]
    fn what_is_not_known_is_no_reason() {
        assert_eq!(reasons(&seen(|it| it.home = None), &[(Fact::Commute, 1.0)]), []);
    }
}
