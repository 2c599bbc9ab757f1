//! Made-up people from many places, with names that test every envelope.

/// First names, last names, and the part of the address before the `@`.
const PEOPLE: [(&str, &str, &str); 50] = [
    ("Ada", "Lovelace", "ada"),
    ("Grace", "Okonkwo", "grace.okonkwo"),
    ("Jürgen", "Weiß", "juergen.weiss"),
    ("Zoë", "van der Berg", "zoe.vanderberg"),
    ("Chiara", "D'Angelo", "chiara.dangelo"),
    ("Łukasz", "Wójcik", "lukasz.wojcik"),
    ("山田", "花子", "hanako.yamada"),
    ("Siobhán", "O'Neill", "siobhan.oneill"),
    ("Øyvind", "Bjørnstad", "oyvind.bjornstad"),
    ("Amina", "Diallo", "amina.diallo"),
    ("Håkan", "Sjöberg", "hakan.sjoberg"),
    ("María José", "Muñoz", "mariajose.munoz"),
    ("Олена", "Шевченко", "olena.shevchenko"),
    ("François", "Lefèvre", "francois.lefevre"),
    ("Priya", "Raghunathan", "priya.raghunathan"),
    ("Tomáš", "Dvořák", "tomas.dvorak"),
    ("Νίκος", "Παπαδόπουλος", "nikos.papadopoulos"),
    ("Thandiwe", "Mokoena", "thandiwe.mokoena"),
    ("José", "Araújo", "jose.araujo"),
    ("김", "민준", "minjun.kim"),
    ("Ayşe", "Yıldız", "ayse.yildiz"),
    ("Nguyễn", "Thị Hương", "huong.nguyen"),
    ("Björk", "Guðmundsdóttir", "bjork.gudmundsdottir"),
    ("Samuel", "Adeyemi", "samuel.adeyemi"),
    ("Ильдар", "Хасанов", "ildar.khasanov"),
    ("Beatriz", "Gonçalves", "beatriz.goncalves"),
    ("Mihály", "Szőke", "mihaly.szoke"),
    ("ليلى", "حداد", "layla.haddad"),
    ("Ngaio", "Te Whāiti", "ngaio.tewhaiti"),
    ("Răzvan", "Ionescu", "razvan.ionescu"),
    ("Kerttu", "Mäkelä", "kerttu.makela"),
    ("陈", "思远", "siyuan.chen"),
    ("Fatoumata", "Traoré", "fatoumata.traore"),
    ("Željko", "Đurić", "zeljko.duric"),
    ("Hannah", "Goldstein", "hannah.goldstein"),
    ("Ānanda", "Wickramasinghe", "ananda.wickramasinghe"),
    ("Māris", "Bērziņš", "maris.berzins"),
    ("Inés", "Quispe Mamani", "ines.quispe"),
    ("Tariq", "al-Masri", "tariq.almasri"),
    ("נועה", "לוי", "noa.levi"),
    ("Emeka", "Nwosu", "emeka.nwosu"),
    ("Liv", "Sørensen", "liv.sorensen"),
    ("Giulia", "Ferrari", "giulia.ferrari"),
    ("অনন্যা", "সেন", "ananya.sen"),
    ("Désirée", "Hübner-Koch", "desiree.huebner-koch"),
    ("Mato", "Two Rivers", "mato.tworivers"),
    ("Štěpánka", "Říhová", "stepanka.rihova"),
    ("Ravshan", "Karimov", "ravshan.karimov"),
    ("Ἑλένη", "Κόκκινου", "eleni.kokkinou"),
    ("Wilhelmina", "Ó Súilleabháin", "wilhelmina.osuilleabhain"),
];

/// How many people there are: those with a known password and API key.
pub(super) const COUNT: u32 = PEOPLE.len() as u32;

/// Domains that RFC 2606 reserves for examples, so no mail reaches a real person.
const HOSTS: [&str; 3] = ["example.com", "example.org", "example.net"];

/// The name and the email of a person. After the first round, names are combined anew, and a number tells the people
/// apart.
pub(super) fn person(number: usize) -> (String, String) {
    let (first, last, local) = PEOPLE[number % PEOPLE.len()];
    let round = number / PEOPLE.len();
    let host = HOSTS[number % HOSTS.len()];
    if round == 0 {
        return (format!("{first} {last}"), format!("{local}@{host}"));
    }
    let (_, last, _) = PEOPLE[(number + round) % PEOPLE.len()];
    (format!("{first} {last} {}", round + 1), format!("{local}.{}@{host}", round + 1))
}
