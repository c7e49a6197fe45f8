//! What a funnel says, in ten words or fewer, by rule: so that no title says more than its figures.

use super::numbers;
use crate::domain::funnel::{Funnel, Group, Step};
use crate::domain::question::{Basis, Dimension};
use crate::domain::text::lower_first;

/// The title of a page: where most households stop.
pub fn title(group: &Group, basis: Basis, small_number: i64) -> String {
    let enquiries = group.enquiries();
    let approvals = group.step(Step::Approval).households;
    if basis == Basis::Activity {
        let (enquired, approved) =
            (plural(enquiries, "enquiry", "enquiries"), plural(approvals, "approval", "approvals"));
        return format!("{enquired} and {approved} in the period");
    }
    if enquiries == 0 {
        return "No enquiries were received in this period".to_owned();
    }
    if enquiries < small_number {
        return format!("{}: too few for a rate", plural(enquiries, "enquiry", "enquiries"));
    }
    let steps = group.steps.windows(2).filter(|pair| pair[0].households >= small_number);
    let greatest = steps.max_by_key(|pair| (pair[0].households - pair[1].households, std::cmp::Reverse(pair[0].step)));
    let Some([before, after]) = greatest else { return String::new() };
    let so_far = if group.outcomes.unfinished() * 2 > enquiries { " so far" } else { "" };
    let share = share(after.households, before.households);
    format!("{share} {} led to {}{so_far}", many(before.step), one(after.step))
}

/// The title of the chart: how it ended.
pub fn approvals(group: &Group, basis: Basis) -> String {
    let (enquiries, approved) = (group.enquiries(), group.step(Step::Approval).households);
    match basis {
        Basis::Activity => "What happened in the period".to_owned(),
        Basis::Cohort if enquiries == 0 => "No enquiries".to_owned(),
        Basis::Cohort => {
            let so_far = if group.outcomes.unfinished() > 0 { " so far" } else { "" };
            let (approved, enquiries) = (numbers::count(approved), plural(enquiries, "enquiry", "enquiries"));
            format!("{approved} of {enquiries} ended in approval{so_far}")
        }
    }
}

/// Whether any group is clearly different from them all; those with a small number are not looked at.
pub fn comparison(split: &Funnel, whole: &Group, by: Dimension, small_number: i64) -> String {
    let name = lower_first(by.label());
    if by == Dimension::Officer {
        // Whoever has a household on the as-at date: those in assessment are further on whoever brought them there.
        return "By officer: who has them, not who did how well".to_owned();
    }
    let Some(average) = whole.step(Step::Approval).of_enquiries else { return format!("By {name}") };
    let rated: Vec<&Group> = split.groups.iter().filter(|group| group.enquiries() >= small_number).collect();
    let clear: Vec<&&Group> = rated
        .iter()
        .filter(|group| group.step(Step::Approval).interval().is_some_and(|interval| !interval.contains(average)))
        .collect();
    match clear.len() {
        _ if rated.len() < 2 => format!("By {name}: too few to compare"),
        0 => format!("No {name} is clearly different: every interval crosses the average"),
        1 => format!("By {name}: one differs clearly from the average"),
        n => format!("By {name}: {n} differ clearly from the average"),
    }
}

fn plural(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", numbers::count(number), if number == 1 { one } else { many })
}

fn many(step: Step) -> String {
    if let Some(own) = step.own_label() {
        return format!("households with {}", lower_first(own));
    }
    let standard = match step {
        Step::Enquiry => "enquiries",
        Step::Contact => "contacts",
        Step::Visit => "visits",
        Step::Application => "applications",
        Step::Stage2 => "assessments",
        Step::Panel => "panels",
        Step::Approval => "approvals",
    };
    standard.to_owned()
}

fn one(step: Step) -> String {
    if let Some(own) = step.own_label() {
        return lower_first(own);
    }
    let standard = match step {
        Step::Enquiry => "an enquiry",
        Step::Contact => "a contact",
        Step::Visit => "a visit",
        Step::Application => "an application",
        Step::Stage2 => "Stage 2",
        Step::Panel => "panel",
        Step::Approval => "approval",
    };
    standard.to_owned()
}

/// The nearest share that people say. Nothing and everything are exact.
fn share(part: i64, whole: i64) -> &'static str {
    const SHARES: [(f64, &str); 18] = [
        (0.05, "One in twenty"),
        (0.1, "One in ten"),
        (0.2, "One in five"),
        (0.25, "One in four"),
        (0.3, "Three in ten"),
        (1.0 / 3.0, "One in three"),
        (0.4, "Four in ten"),
        (0.46, "Nearly half of"),
        (0.5, "Half of"),
        (0.54, "Over half of"),
        (0.6, "Six in ten"),
        (2.0 / 3.0, "Two in three"),
        (0.7, "Seven in ten"),
        (0.75, "Three in four"),
        (0.8, "Four in five"),
        (0.9, "Nine in ten"),
        (0.0, "Few"),
        (1.0, "Nearly all"),
    ];
    if part == 0 {
        return "No";
    }
    if part == whole {
        return "All";
    }
    let proportion = part as f64 / whole as f64;
    let distance = |share: &&(f64, &str)| (share.0 - proportion).abs();
    SHARES.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map_or("Some", |share| share.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::funnel::{Outcome, Pattern, Steps};

    /// A cohort of which so many reached each step and no further; the others are open or have withdrawn.
    fn group(reached: [i64; 7], open: i64) -> Group {
        let mut patterns = Vec::new();
        for (at, step) in Step::ALL.iter().enumerate() {
            let stopped = reached[at] - reached.get(at + 1).copied().unwrap_or(0);
            let open = if at == 0 { open } else { 0 };
            let ended = if *step == Step::Approval { Outcome::Approved } else { Outcome::ApplicantWithdrew };
            for (outcome, households) in [(Outcome::Open, open), (ended, stopped - open)] {
                patterns.push(Pattern { group: None, steps: Steps::only(*step), outcome: Some(outcome), households });
            }
        }
        Funnel::of(Basis::Cohort, None, &patterns).groups.remove(0)
    }

    #[test]
    fn the_title_tells_the_greatest_loss() {
        for (reached, open, expected) in [
            ([412, 371, 148, 39, 31, 24, 22], 5, "Four in ten contacts led to a visit"),
            ([100, 25, 20, 15, 12, 10, 10], 60, "One in four enquiries led to a contact so far"),
            ([50, 50, 50, 0, 0, 0, 0], 0, "No visits led to an application"),
            ([9, 3, 2, 1, 0, 0, 0], 0, "9 enquiries: too few for a rate"),
            ([1, 0, 0, 0, 0, 0, 0], 0, "1 enquiry: too few for a rate"),
            ([0; 7], 0, "No enquiries were received in this period"),
            ([1500, 1500, 1500, 1500, 1500, 1400, 1400], 0, "Nine in ten assessments led to panel"),
        ] {
            assert_eq!(title(&group(reached, open), Basis::Cohort, 10), expected);
        }
        assert_eq!(
            title(&group([1500, 0, 0, 0, 0, 0, 0], 0), Basis::Activity, 10),
            "1,500 enquiries and 0 approvals in the period"
        );
        assert_eq!(
            approvals(&group([412, 371, 148, 39, 31, 24, 22], 5), Basis::Cohort),
            "22 of 412 enquiries ended in approval so far"
        );
    }

    #[test]
    fn titles_have_ten_words_or_fewer() {
        for before in Step::ALL.iter().take(6) {
            for part in 0..=1000 {
                let after = Step::ALL[*before as usize + 1];
                let text = format!("{} {} led to {} so far", share(part, 1000), many(*before), one(after));
                assert!(text.split(' ').count() <= 10, "{text}");
            }
        }
    }

    #[test]
    fn a_share_is_not_said_to_be_nothing_or_all_unless_it_is() {
        assert_eq!(share(1, 1000), "Few");
        assert_eq!(share(999, 1000), "Nearly all");
        assert_eq!(share(1000, 1000), "All");
        assert_eq!(share(253, 1000), "One in four");
        assert_eq!(share(456, 1000), "Nearly half of");
    }
}
