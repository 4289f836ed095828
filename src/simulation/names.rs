//! What people and companies are called, and what colleagues say to one another.

/// First and last names, separated by commas.
pub(super) const FIRST_ZA: &str = "Thabo, Nomvula, Sipho, Lerato, Bongani, Zanele, Mandla, Palesa, Kagiso, Ayanda, Themba, Naledi, Sibusiso, \
    Busisiwe, Tshepo, Refilwe, Lwazi, Nokuthula, Mpho, Khanyisile, Siyabonga, Dineo, Andile, Thandeka, Vusi, \
    Boitumelo, Luyanda, Nosipho, Katlego, Zodwa, Musa, Keitumetse, Xolani, Phindile, Johan, Annelise, Pieter, \
    Marelize, Riaan, Chantel, Francois, Elmarie, Deon, Yolandi, Hendrik, Bianca, Ashwin, Priya, Rajesh, Nirmala, \
    Kavir, Shanti, Yusuf, Fatima, Imraan, Zainab, Riedwaan, Nazeema, David, Grace, Michael, Faith, Peter, \
    Patience, Brian, Blessing, Tendai, Rudo, Farai, Chipo, Alberto, Lucia, Emmanuel, Esther, Takalani, Mulalo, \
    Rendani, Khathutshelo, Hlengiwe, Tsakani";
pub(super) const LAST_ZA: &str = "Dlamini, Nkosi, Mokoena, Khumalo, Ndlovu, Mahlangu, Sithole, Molefe, Zulu, Mthembu, Ngcobo, Radebe, Mabaso, \
    Tshabalala, Mkhize, Maseko, Baloyi, Mabuza, Cele, Hadebe, Motaung, Sibiya, Buthelezi, Phiri, Zwane, Modise, \
    Shabalala, Gumede, Masilela, Nxumalo, Tau, Letsoalo, Chauke, Mudau, Netshitenzhe, Botha, van der Merwe, \
    Pretorius, Venter, Fourie, Nel, Steyn, Coetzee, du Plessis, Swanepoel, Kruger, Naidoo, Govender, Pillay, \
    Moodley, Singh, Maharaj, Reddy, Chetty, Adams, Jacobs, Davids, Petersen, Hendricks, Isaacs, Abrahams, Salie, \
    Smith, Williams, Brown, Taylor, Moyo, Ncube, Sibanda, Chirwa, Banda, Machel, Cossa, Mashaba, Makgoba, \
    Mashele, Qwabe, Mbatha, Zondi, Majola";
pub(super) const FIRST_NL: &str = "Daan, Emma, Bram, Sanne, Sem, Lotte, Thijs, Femke, Ruben, Anouk, Joost, Maaike, Mohammed, Fatima, Yassin, \
    Samira, Mehmet, Elif, Emre, Aylin, Ryan, Cheyenne, Dwight, Naomi, Piotr, Agnieszka, Ahmed, Hanan, Jeroen, \
    Marieke, Winston, Chantal, Niels, Iris, Oleksandr, Kateryna";
pub(super) const LAST_NL: &str = "de Jong, Jansen, de Vries, van den Berg, Bakker, Visser, Smit, Meijer, Mulder, Bos, Vos, Peters, El Amrani, \
    Benali, Bouzidi, Yilmaz, Kaya, Demir, Aydin, Pinas, Sedney, Martina, Kowalski, Nowak, Hassan, Osman, Dekker, \
    Brouwer, de Graaf, Kok, Tjon, Ramdin, Shevchenko, Koster";

const OWNERS_ZA: &[&str] = &[
    "Karoo",
    "Protea",
    "Highveld",
    "Table Bay",
    "Baobab",
    "Umlazi",
    "Drakensberg",
    "Jacaranda",
    "Kgalagadi",
    "Impala",
    "Marula",
    "Fynbos",
    "Garden Route",
    "Lowveld",
    "Amatola",
    "Springbok",
    "Cederberg",
    "Maluti",
    "Ubuntu",
    "Indlovu",
];
const OWNERS_NL: &[&str] = &["Amstel", "Maas", "Veluwe", "Noordzee", "Polder"];
const KINDS_OF_OWNER: &[&str] = &["Properties", "Holdings", "Group", "Partners", "Trust"];

/// The name of a client; a hundred different ones in South Africa.
pub(super) fn client(south_africa: bool, index: usize) -> String {
    let owners = if south_africa { OWNERS_ZA } else { OWNERS_NL };
    format!(
        "{} {}",
        owners[index % owners.len()],
        KINDS_OF_OWNER[(index + index / owners.len()) % KINDS_OF_OWNER.len()]
    )
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
