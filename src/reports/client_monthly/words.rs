//! The month in a few sentences, each made of its numbers; what there is nothing to say about is left out.

use super::Monthly;
use crate::charts::{Unit, count, number};
use crate::units::Rate;

/// The sentences.
pub(super) fn summary(it: &Monthly) -> Vec<String> {
    let (now, before) = it.portal.total();
    let what = [
        ("shifts", "filled", now.fill, before.fill),
        ("tasks and work orders", "finished in time", now.sla, before.sla),
    ];
    let rates = what.into_iter().filter_map(|(things, done, now, before)| rate(it, things, done, now, before));
    let mut said: Vec<String> =
        rates.chain(marks(it)).chain([incidents(it)]).chain(placed(it)).chain(standing(it)).collect();
    if now == Default::default() {
        said.insert(0, "No shift, task or work order of these days is on record.".into());
    }
    said
}

fn rate(it: &Monthly, things: &str, done: &str, now: Rate, before: Rate) -> Option<String> {
    let share = 100.0 * now.value()?;
    let change = before.value().map(|before| moved(share - 100.0 * before, "points", it)).unwrap_or_default();
    let (hit, of) = (number(now.hit as f64, 0), number(now.of as f64, 0));
    Some(format!("{hit} of {of} {things} were {done}: {}{change}.", Unit::Percent.value(share)))
}

/// How far a number has moved since, in words.
fn moved(by: f64, unit: &str, it: &Monthly) -> String {
    let (size, since) = (number(by.abs(), 1), it.previous_name());
    if size == number(0.0, 1) {
        return format!(", the same as in {since}");
    }
    let gap = if unit.is_empty() { "" } else { " " };
    format!(", {} {size}{gap}{unit} from {since}", if by > 0.0 { "up" } else { "down" })
}

fn marks(it: &Monthly) -> Option<String> {
    let (now, before) = it.portal.total();
    let (mark, n) = now.mark()?;
    let change = before.mark().map(|(before, _)| moved(mark - before, "", it)).unwrap_or_default();
    let orders = count(n, "work order", "work orders");
    Some(format!("You gave {orders} {} of 5 on average{change}.", number(mark, 1)))
}

fn incidents(it: &Monthly) -> String {
    let seen = &it.portal.incidents;
    let happened = match seen.happened {
        0 => "No incident was reported".to_owned(),
        n => format!("{} reported", count(n, "incident was", "incidents were")),
    };
    let open = match seen.open {
        0 => "none is open".to_owned(),
        n => format!("{} open", count(n, "is", "are")),
    };
    format!("{happened}; {open}.")
}

fn placed(it: &Monthly) -> Option<String> {
    let (now, _) = it.portal.placed;
    let begun = (now.started > 0).then(|| format!("{} began", count(now.started, "placement", "placements")));
    let posted = (now.posted > 0).then(|| format!("{} posted", count(now.posted, "job was", "jobs were")));
    let said: Vec<String> = posted.into_iter().chain(begun).collect();
    (!said.is_empty()).then(|| format!("{}.", said.join(" and ")))
}

fn standing(it: &Monthly) -> Option<String> {
    let (score, word) = it.portal.standing()?;
    Some(format!("All in all your service stands at {} of 100: {word}.", Unit::Points.value(score)))
}

/// That the month has not ended, and what it covers.
pub(super) fn open(it: &Monthly) -> Option<String> {
    let (covered, whole) = (it.span.period.days(), it.span.month.period().days());
    it.span.is_open().then(|| {
        let days = if covered == 1 { "day".to_owned() } else { format!("{covered} days") };
        format!("{} has not ended: this report covers its first {days} of {whole}.", it.span.month.name())
    })
}
