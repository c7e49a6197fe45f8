//! Chance that can be repeated: the same seed throws the same.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.0.random_bool(probability)
    }

    /// Both ends are in it.
    pub fn between(&mut self, from: i32, to: i32) -> i32 {
        self.0.random_range(from..=to)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0.random_range(0..end)
    }

    pub fn index(&mut self, length: usize) -> usize {
        self.0.random_range(0..length)
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }

    pub fn weighted<T: Copy>(&mut self, choices: &[(T, u32)]) -> T {
        let mut left = self.0.random_range(0..choices.iter().map(|(_, weight)| weight).sum());
        for (choice, weight) in choices {
            if left < *weight {
                return *choice;
            }
            left -= weight;
        }
        choices[choices.len() - 1].0
    }

    /// Log-normal, as delays are: half are shorter than the median, a few are many times as long.
    pub fn days(&mut self, median: f64, spread: f64) -> i32 {
        let (u, v): (f64, f64) = (self.0.random_range(f64::EPSILON..1.0), self.0.random());
        let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        #[expect(clippy::cast_possible_truncation, reason = "bounded to two years")]
        let days = (median * (spread * normal).exp()).clamp(0.0, 730.0).round() as i32;
        days
    }
}

/// Dealt to the last card before it is shuffled again: shares come out as they are meant also where there are few, and
/// what is rare does occur.
pub struct Deck<T> {
    cards: Vec<T>,
    left: Vec<T>,
}

impl<T: Copy> Deck<T> {
    pub fn new(cards: &[(T, usize)]) -> Deck<T> {
        let cards = cards.iter().flat_map(|(card, count)| std::iter::repeat_n(*card, *count)).collect();
        Deck { cards, left: Vec::new() }
    }

    pub fn deal(&mut self, dice: &mut Dice) -> T {
        if self.left.is_empty() {
            self.left.clone_from(&self.cards);
        }
        let card = dice.index(self.left.len());
        self.left.swap_remove(card)
    }
}
