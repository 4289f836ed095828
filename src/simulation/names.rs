//! What people, places and companies are called.

pub(super) const FIRST_ZA: &[&str] = &[
    "Thabo", "Nomvula", "Sipho", "Lerato", "Bongani", "Zanele", "Mandla", "Palesa", "Kagiso", "Ayanda", "Themba", "Naledi",
    "Sibusiso", "Busisiwe", "Tshepo", "Refilwe", "Lwazi", "Nokuthula", "Mpho", "Khanyisile", "Siyabonga", "Dineo", "Andile",
    "Thandeka", "Vusi", "Boitumelo", "Luyanda", "Nosipho", "Katlego", "Zodwa", "Musa", "Keitumetse", "Xolani", "Phindile",
    "Johan", "Annelise", "Pieter", "Marelize", "Riaan", "Chantel", "Francois", "Elmarie", "Deon", "Yolandi", "Hendrik", "Bianca",
    "Ashwin", "Priya", "Rajesh", "Nirmala", "Kavir", "Shanti", "Yusuf", "Fatima", "Imraan", "Zainab", "Riedwaan", "Nazeema",
    "David", "Grace", "Michael", "Faith", "Peter", "Patience", "Brian", "Blessing", "Tendai", "Rudo", "Farai", "Chipo",
    "Alberto", "Lucia", "Emmanuel", "Esther", "Takalani", "Mulalo", "Rendani", "Khathutshelo", "Hlengiwe", "Tsakani",
];
pub(super) const LAST_ZA: &[&str] = &[
    "Dlamini", "Nkosi", "Mokoena", "Khumalo", "Ndlovu", "Mahlangu", "Sithole", "Molefe", "Zulu", "Mthembu", "Ngcobo", "Radebe",
    "Mabaso", "Tshabalala", "Mkhize", "Maseko", "Baloyi", "Mabuza", "Cele", "Hadebe", "Motaung", "Sibiya", "Buthelezi", "Phiri",
    "Zwane", "Modise", "Shabalala", "Gumede", "Masilela", "Nxumalo", "Tau", "Letsoalo", "Chauke", "Mudau", "Netshitenzhe",
    "Botha", "van der Merwe", "Pretorius", "Venter", "Fourie", "Nel", "Steyn", "Coetzee", "du Plessis", "Swanepoel", "Kruger",
    "Naidoo", "Govender", "Pillay", "Moodley", "Singh", "Maharaj", "Reddy", "Chetty", "Adams", "Jacobs", "Davids", "Petersen",
    "Hendricks", "Isaacs", "Abrahams", "Salie", "Smith", "Williams", "Brown", "Taylor", "Moyo", "Ncube", "Sibanda", "Chirwa",
    "Banda", "Machel", "Cossa", "Mashaba", "Makgoba", "Mashele", "Qwabe", "Mbatha", "Zondi", "Majola",
];
pub(super) const FIRST_NL: &[&str] = &[
    "Daan", "Emma", "Bram", "Sanne", "Sem", "Lotte", "Thijs", "Femke", "Ruben", "Anouk", "Joost", "Maaike", "Mohammed", "Fatima",
    "Yassin", "Samira", "Mehmet", "Elif", "Emre", "Aylin", "Ryan", "Cheyenne", "Dwight", "Naomi", "Piotr", "Agnieszka", "Ahmed",
    "Hanan", "Jeroen", "Marieke", "Winston", "Chantal", "Niels", "Iris", "Oleksandr", "Kateryna",
];
pub(super) const LAST_NL: &[&str] = &[
    "de Jong", "Jansen", "de Vries", "van den Berg", "Bakker", "Visser", "Smit", "Meijer", "Mulder", "Bos", "Vos", "Peters",
    "El Amrani", "Benali", "Bouzidi", "Yilmaz", "Kaya", "Demir", "Aydin", "Pinas", "Sedney", "Martina", "Kowalski", "Nowak",
    "Hassan", "Osman", "Dekker", "Brouwer", "de Graaf", "Kok", "Tjon", "Ramdin", "Shevchenko", "Koster",
];

/// A place with its city and centre.
pub(super) type Place = (&'static str, &'static str, f64, f64);

pub(super) const PLACES_ZA: &[Place] = &[
    ("Rosebank", "Johannesburg", -26.1467, 28.0416),
    ("Claremont", "Cape Town", -33.9806, 18.4653),
    ("Menlyn", "Pretoria", -25.7826, 28.2752),
    ("Umhlanga", "Durban", -29.7278, 31.0853),
    ("Sandton", "Johannesburg", -26.1076, 28.0567),
    ("Bellville", "Cape Town", -33.9000, 18.6286),
    ("Midrand", "Johannesburg", -25.9992, 28.1263),
    ("Century City", "Cape Town", -33.8924, 18.5106),
    ("Walmer", "Gqeberha", -33.9763, 25.5940),
    ("Soweto", "Johannesburg", -26.2678, 27.8585),
    ("Westville", "Durban", -29.8361, 30.9250),
    ("Centurion", "Pretoria", -25.8603, 28.1894),
    ("Langenhovenpark", "Bloemfontein", -29.0852, 26.1596),
    ("Riverside Park", "Mbombela", -25.4380, 30.9720),
    ("Randburg", "Johannesburg", -26.0936, 28.0064),
    ("Tyger Valley", "Cape Town", -33.8740, 18.6340),
    ("Hatfield", "Pretoria", -25.7487, 28.2380),
    ("Pinetown", "Durban", -29.8149, 30.8580),
    ("Bendor", "Polokwane", -23.9045, 29.4690),
    ("Vincent", "East London", -32.9815, 27.9055),
    ("Kempton Park", "Johannesburg", -26.1006, 28.2294),
    ("Somerset West", "Cape Town", -34.0757, 18.8433),
    ("Boksburg", "Johannesburg", -26.2125, 28.2625),
    ("Ballito", "Durban", -29.5390, 31.2144),
    ("Monument Heights", "Kimberley", -28.7630, 24.7460),
    ("Fourways", "Johannesburg", -26.0167, 28.0067),
    ("Observatory", "Cape Town", -33.9370, 18.4690),
    ("Silver Lakes", "Pretoria", -25.7790, 28.3640),
    ("Amanzimtoti", "Durban", -30.0510, 30.8860),
    ("Alberton", "Johannesburg", -26.2679, 28.1222),
    ("Milnerton", "Cape Town", -33.8706, 18.4980),
    ("Secunda", "Govan Mbeki", -26.5160, 29.1910),
    ("Stellenbosch", "Stellenbosch", -33.9346, 18.8668),
    ("Roodepoort", "Johannesburg", -26.1625, 27.8725),
    ("Newlands", "Cape Town", -33.9730, 18.4590),
    ("Brooklyn", "Pretoria", -25.7640, 28.2360),
    ("Germiston", "Johannesburg", -26.2178, 28.1672),
    ("Richards Bay", "Richards Bay", -28.7807, 32.0383),
    ("Paarl", "Drakenstein", -33.7342, 18.9621),
    ("Rustenburg", "Rustenburg", -25.6676, 27.2421),
    ("Benoni", "Johannesburg", -26.1885, 28.3208),
];
pub(super) const PLACES_NL: &[Place] = &[
    ("Zuidas", "Amsterdam", 52.3376, 4.8720),
    ("Sloterdijk", "Amsterdam", 52.3888, 4.8370),
    ("Kop van Zuid", "Rotterdam", 51.9060, 4.4870),
    ("Leidsche Rijn", "Utrecht", 52.1010, 5.0560),
    ("Strijp", "Eindhoven", 51.4480, 5.4560),
];
pub(super) const STREETS_ZA: &[&str] = &[
    "Main Road", "Oxford Road", "Nelson Mandela Drive", "Church Street", "Voortrekker Road", "Jan Smuts Avenue", "Beach Road",
    "Steve Biko Street", "Rivonia Road", "Long Street", "Helen Joseph Street", "Atterbury Road",
];
pub(super) const STREETS_NL: &[&str] = &["Stationsplein", "Havenweg", "Industrieweg", "Parklaan", "Beatrixlaan", "Kanaaldijk"];

const OWNERS_ZA: &[&str] = &[
    "Karoo", "Protea", "Highveld", "Table Bay", "Baobab", "Umlazi", "Drakensberg", "Jacaranda", "Kgalagadi", "Impala", "Marula",
    "Fynbos", "Garden Route", "Lowveld", "Amatola", "Springbok", "Cederberg", "Maluti", "Ubuntu", "Indlovu",
];
const OWNERS_NL: &[&str] = &["Amstel", "Maas", "Veluwe", "Noordzee", "Polder"];
const KINDS_OF_OWNER: &[&str] = &["Properties", "Holdings", "Group", "Partners", "Trust"];

/// The name of a client; a hundred different ones in South Africa.
pub(super) fn client(south_africa: bool, index: usize) -> String {
    let owners = if south_africa { OWNERS_ZA } else { OWNERS_NL };
    format!("{} {}", owners[index % owners.len()], KINDS_OF_OWNER[(index + index / owners.len()) % KINDS_OF_OWNER.len()])
}

/// What is said with kudos, with its category.
pub(super) const KUDOS: &[(&str, &str)] = &[
    ("teamwork", "Thanks for covering my gate while I was with the visitor."),
    ("teamwork", "You stayed on to help us finish the handover. Thank you."),
    ("teamwork", "Thank you for showing me the key register."),
    ("quality", "The floor on level two has never looked this good."),
    ("quality", "Your occurrence book was so clear that I had no questions."),
    ("quality", "The client praised how tidy the loading bay was."),
    ("initiative", "You saw the broken lock before anybody else and reported it."),
    ("initiative", "Good thinking with the second queue at the entrance."),
    ("initiative", "Thank you for calling the plumber at once."),
    ("safety", "You spotted the wet stairs and put out the sign in time."),
    ("safety", "Calm and correct at the fire drill. Well done."),
    ("safety", "Thank you for walking the nurse to her car last night."),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn a_hundred_clients_have_a_hundred_names() {
        let names: HashSet<_> = (0..100).map(|index| super::client(true, index)).collect();
        assert_eq!(names.len(), 100);
    }
}
