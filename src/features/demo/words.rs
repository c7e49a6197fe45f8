//! What officers write: a sentence or two, plain and kind. Nobody in them exists.

use super::dice::Dice;
use crate::domain::note::NoteKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    NewEnquiry,
    NoAnswer,
    FirstContact,
    Visit,
    KinshipVisit,
    Application,
    Assessment,
    Deferred,
    Approved,
    Paused,
    InTouch,
    BackAgain,
    Quiet,
    Ending,
}

pub const CORRECTIONS: &[&str] = &[
    "typed the wrong day",
    "the diary was a day out",
    "the family’s letter gives another date",
    "mixed up with another family",
    "the visit had been moved",
    "found when the file was checked",
];

/// `{names}` are the applicants' given names.
pub fn note(occasion: Occasion, names: &str, dice: &mut Dice) -> (NoteKind, String) {
    let (kinds, texts) = choices(occasion);
    (dice.one_of(kinds), dice.one_of(texts).replace("{names}", names))
}

fn choices(occasion: Occasion) -> (&'static [NoteKind], &'static [&'static str]) {
    use NoteKind as N;
    match occasion {
        Occasion::NewEnquiry => (&[N::Note, N::Call, N::Email], NEW_ENQUIRY),
        Occasion::NoAnswer => (&[N::NoAnswer], NO_ANSWER),
        Occasion::FirstContact => (&[N::Call, N::Call, N::Email], FIRST_CONTACT),
        Occasion::Visit => (&[N::Meeting], VISIT),
        Occasion::KinshipVisit => (&[N::Meeting], KINSHIP_VISIT),
        Occasion::Application => (&[N::Email, N::Call], APPLICATION),
        Occasion::Assessment => (&[N::Meeting, N::Note], ASSESSMENT),
        Occasion::Deferred => (&[N::Call], DEFERRED),
        Occasion::Approved => (&[N::Call, N::Note], APPROVED),
        Occasion::Paused => (&[N::Call, N::Email], PAUSED),
        Occasion::InTouch => (&[N::Call, N::TextMessage], IN_TOUCH),
        Occasion::BackAgain => (&[N::Call], BACK_AGAIN),
        Occasion::Quiet => (&[N::TextMessage, N::Letter], QUIET),
        Occasion::Ending => (&[N::Call, N::Letter, N::Note], ENDING),
    }
}

const NEW_ENQUIRY: &[&str] = &[
    "{names} would like to know what fostering involves and whether a rented home is all right.",
    "Has thought about this for years. The youngest has moved out and there are two rooms.",
    "{names} saw our stand at the market and took a leaflet home.",
    "Works with young people and would like to do more. Asked about training and pay.",
    "A friend fosters for us and told {names} to ring.",
    "Would like to offer weekends to begin with. Asked to be rung in the evening.",
    "Read about brothers and sisters being kept together and wants to help with that.",
    "{names} asked whether having a dog and two cats matters. It does not.",
    "Grew up with foster brothers and sisters. Would like to give something back.",
    "Asked for the information pack by post as well as by e-mail.",
];
const NO_ANSWER: &[&str] = &[
    "Rang twice, no answer. Will try after six.",
    "No answer, left no message as we do not know who listens.",
    "Number rings out. Sent a short text to ask for a good time.",
    "Went to voicemail. Will try again tomorrow morning.",
];
const FIRST_CONTACT: &[&str] = &[
    "Good long talk with {names}. Spare room free from September, plenty of questions, happy for us to visit.",
    "{names} would like to foster school-age children. Both work; flexible employer.",
    "Talked through the stages and how long each takes. They will talk it over at the weekend.",
    "Lovely conversation. Own children are nine and twelve and have been asked what they think.",
    "{names} had worried about age. Explained there is no upper limit.",
    "Explained the difference between short-term and long-term fostering. Would like to hear from a carer.",
    "They have a busy house and a big garden. Asked about allowances and about school runs.",
    "Spoke to {names} at lunchtime. Prefers e-mail; the evenings are for the children.",
    "Rang as arranged. Interested in short breaks first, then perhaps more.",
    "Warm and thoughtful. Wants to understand what support there is at night and at weekends.",
];
const VISIT: &[&str] = &[
    "Visited at home and met everyone, including the dog. Room is ready, stairs need a gate.",
    "Very welcome visit. {names} asked good questions about contact with birth families.",
    "Talked for two hours. They would take two brothers or sisters together.",
    "Home is warm and tidy. We looked at the spare room and talked about smoking in the garden.",
    "{names} spoke openly about a hard year and who helped them through it.",
    "Met a grown-up daughter too, who is all for it. Left the application form.",
    "Discussed working hours. One of them could go part-time once a child comes.",
    "Good understanding of what children may have lived through. Would gain from training on therapeutic parenting.",
];
const KINSHIP_VISIT: &[&str] = &[
    "Visited {names}, who have had their grandson with them since the weekend. He has his own room and his school is near.",
    "Visited {names}. Their niece knows the house well and slept soundly. They need a bed and a school uniform.",
    "Talked about what the family has been through, and what help there is from us. {names} were tired and very clear that he stays.",
    "Met {names} and both children. Explained temporary approval, the sixteen weeks and the assessment.",
];
const APPLICATION: &[&str] = &[
    "Application is in, complete but for one referee’s address.",
    "{names} brought the form to the office. Consent for all checks given.",
    "Form received by e-mail. Asked for the addresses of the last ten years.",
    "Application received. Medical forms sent to the surgery.",
];
const ASSESSMENT: &[&str] = &[
    "Third session. Talked about {names}’s own childhood; a thoughtful, honest conversation.",
    "Referee visited: has known them for fifteen years and would leave her own children with them.",
    "Session on attachment and loss. They linked it well to what they saw at the training.",
    "Went through health and safety at home. Window locks upstairs to be fitted.",
    "Spoke to their children on their own. Excited, a little worried about sharing the bathroom.",
    "Chased the local authority check of the previous address; promised by Friday.",
    "Training group speaks well of {names}. They stayed behind to help with the chairs.",
];
const DEFERRED: &[&str] = &[
    "Panel would like to know more about the support network. {names} understand and will come back.",
    "Panel asked for the medical adviser’s comments before it recommends. Told {names} the same afternoon.",
];
const APPROVED: &[&str] = &[
    "Rang {names} with the news. There were tears, good ones.",
    "Approved. Introduced them to their supervising social worker by telephone.",
    "Told {names} today. First support group is on Thursday.",
];
const PAUSED: &[&str] = &[
    "{names} asked to stop for a while. No pressure; they will let us know.",
    "Agreed to pause. We will ring in a few weeks to ask how things are.",
    "They would rather wait than do it badly. Agreed.",
];
const IN_TOUCH: &[&str] = &[
    "Not the right time, and still keen. Will ring as agreed.",
    "{names} would like to hear from us again after the summer.",
    "Waiting for the eldest to leave for university. Glad that we asked.",
    "Work is too much this year. Send the newsletter and ring next time.",
    "Short friendly talk. Nothing has changed; they asked us to keep their name.",
];
const BACK_AGAIN: &[&str] = &[
    "{names} rang: things have settled at home and they would like to go on.",
    "They have moved to the bigger house and are ready. Picked up where we left off.",
];
const QUIET: &[&str] =
    &["Sent a friendly message, no reply yet.", "Wrote to ask whether {names} would still like a visit."];
const ENDING: &[&str] = &[
    "{names} rang to say it is not for them. Thanked them for their time and theirs for ours.",
    "Talked it through. They know the door is open.",
    "They are sorry, and so are we. Sent a letter of thanks.",
    "Explained our reasons to {names} and put them in writing.",
    "A kind conversation. They would tell friends to ring us.",
];
