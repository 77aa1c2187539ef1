extension IntentLexicon {
  static let german: [Row] = germanWords + germanLanguageNames

  private static let germanWords: [Row] = [
    Row(
      .codeGeneration, 5,
      """
      funktion die, skript das, programm das, programmier*, quellcode*, quelltext*, refaktorier*, \
      programmcode, mein code, meinen code, diesen code, dieser code, pythonskript
      """),
    Row(
      .codeGeneration, 4,
      """
      skript*, funktion, funktionen, fehlermeldung*, python funktion, datenbank*, kompilier*, programm, \
      codezeile*, webseite, webanwendung, schnittstelle*, regulären ausdruck, regulärer ausdruck, sql \
      abfrage, abfrage, entwickler*, unittest*, komponente*
      """),
    Row(
      .codeGeneration, 3,
      """
      kommandozeile, html seite, schleifen, objektorientiert*, ausnahme, umbenenn*, webserver*, \
      implementier*, algorithmus, schleife*, stürzt, abstürz*, absturz, compiler*, methode, fehler, \
      bugfix, debugg*, liste von
      """),
    Row(
      .codeGeneration, 2,
      """
      variable, datei, dateien, server, programme, sortiert, einlesen, container, befehl, backup*
      """),
    Row(.education, 6, "geschichte der, geschichte des"),
    Row(
      .education, 5,
      """
      erkläre*, erklär*, abfragen, bring mir, hausaufgabe*, klausur*, prüfung*, lernplan*, \
      unterrichtsstunde*, unterrichtsplan*, nachhilfe*, warum ist, warum sind, warum hat, warum haben, \
      warum wird, warum werden, wieso ist, wieso sind, karteikarten
      """),
    Row(
      .education, 4,
      """
      woher kommt, woran liegt, wozu, wie groß, wie alt, wie lange, was passiert, welche planeten, \
      photosynthese, erläuter*, beschreib wie, beschreibe wie, stell mir, vokabel*, in welchem jahr, wo \
      liegt, was ist, was sind, was bedeutet, wie funktioniert, wie funktionieren, wer hat, wer war, wer \
      ist, unterschied zwischen, wann war, wann wurde, wann ist, gleichung*, löse, lösen, schritt für, \
      rechne, beweise, definier*, definition, lerne, lernen, unterricht*, schüler*, lehrer*, \
      schulklasse, wie entsteht, wie entstehen, wie heißt, wie viele, wie weit, quiz, wie kam, kam es, \
      wann hat, wann lebte, wer schrieb, wer malte, welche länder, wie wurde, wie lang, wie hoch, wie \
      schnell, woraus, wofür steht, was versteht, wie bildet, welcher könig, warum, wofür, aufgabe hat, \
      welche funktion, welche rolle, welche aufgabe, wer schreibt, wozu dient, wozu dienen
      """),
    Row(
      .education, 3,
      """
      wieso, weshalb, verstehen, verstehe, grundlagen*, anfänger*, beispiel*, erfunden, entdeckt, \
      mathe*, physik*, chemie*, biologie*
      """),
    Row(
      .education, 2,
      """
      prozent*, berechne*, beweis*, dichter, unterschied, wie wird, wie werden, theorie*, jahrhundert*, \
      hauptstadt, revolution, einfach erklärt, einfachen worten, wie kann, konzept*, schule, mauer, \
      könig*, kaiser*, planet*, mond, sonne, erde, energie, atom*, zelle*, gene, länder, krieg, krieges, \
      kriegs, weltkrieg*
      """),
    Row(
      .writing, 6,
      """
      bewerbungsschreib*, motivationsschreib*, anschreiben, blogbeitrag*, blogartikel*, kurzgeschichte*, \
      pressemitteilung*, produktbeschreibung*, korrekturles*, umformulier*, einladung*, einen brief, \
      eine e mail, eine mail, ein gedicht, eine rede, eine geschichte
      """),
    Row(
      .writing, 5,
      """
      entschuldigungsschreiben, kurzbiografie*, trauerkarte*, einladungstext*, instagram beitrag, \
      beitrag über, nachricht schreiben, professioneller, umzuformulieren, schöner klingt, werbeslogan*, \
      liebesbrief*, bewerbung für, gedicht*, verfass*, formulier*, aufsatz*, aufsätz*, rede, dankesrede, \
      hochzeitsrede, abschiedsrede, trauerrede, slogan*, werbetext*, rechtschreib*, grammatik*, \
      umschreib*, schreib um, stellenanzeige*, kündigungsschreib*, glückwunsch*, geburtstagskarte*, \
      liedtext*, drehbuch*, lebenslauf*, beschwerdebrief*, beschwerde*, märchen*
      """),
    Row(
      .writing, 4,
      """
      geschichte, geschichten, höflicher, freundlicher, formeller, dialog*, songtext*, text für, \
      korrigier*, überarbeit*, gruß*, grüße, newsletter, einleitung, essay*, überschrift*, nachricht an, \
      tippfehler, lektorier*, dichte, einen roman, meinen roman, kurzroman*
      """),
    Row(
      .writing, 3,
      """
      brief, briefe, e mail, email, mail, absage*, zusage*, entschuldig*, antwort auf, überzeugend*, \
      schreib, schreibe, schreiben, entwirf, entwurf*, artikel über, text über, klingt, klingen, stil, \
      kreativ*, bewerbung*, mitteil*, bestimmt
      """),
    Row(.writing, 2, "nette, nett, mach aus"),
    Row(.writing, 1, "artikel, absatz, satz, text, lustige"),
    Row(.translation, 6, "übersetz*, dolmetsch*, überführ*, sagt man, sage ich"),
    Row(
      .translation, 5,
      """
      ins deutsche, auf deutsch, lokalisier*, muttersprachler*, fremdsprache*, übertrag*
      """),
    Row(.translation, 3, "sprache, sprachen, was heißt, heißt, wort für"),
    Row(.summarization, 6, "zusammenfass*, zusammengefass*, zusammenzufass*, kurzfassung*, inhaltsangabe*"),
    Row(
      .summarization, 5,
      """
      fass, fasse, fassen, kernaussage*, kernpunkt*, hauptpunkt*, hauptaussage*, wichtigsten punkte, \
      wichtigsten aussagen, stichpunkt*, kürze den, kürze die, kürze das, kürze diesen, kürze bitte, \
      kürzen, kürzer*, wesentliche*, wichtigste, übersicht, kernbotschaft*, kurz zusammen
      """),
    Row(
      .summarization, 4,
      """
      zusammen, worum geht, überblick, wichtigsten, eckpunkte, quintessenz, komprimier*, verkürz*, in \
      kürze, kurz und, protokoll*, den punkt, steht drin, keine zeit, drin steht, darum geht
      """),
    Row(
      .summarization, 2,
      """
      drei sätzen, zwei sätzen, einem satz, wörter, höchstens, knapp*, artikel in, stichwort*, alles zu
      """),
    Row(
      .analysis, 6,
      """
      vor und, nachteil*, swot analyse, ursachenanalyse*, marktanalyse*, wettbewerbsanalyse*, \
      analysier*, vergleich*, bewerte, bewerten, beurteil*, untersuch*, bewertest
      """),
    Row(
      .analysis, 5,
      """
      analyse*, bewertet, auswert*, werte aus, risiko, risiken, stärken und, schwächen, einschätz*, \
      schätze, stimmung*, interpretier*, klassifizier*, kategorisier*, evaluier*, abwäg*, wäge, trend, \
      trends, gegenüberstell*, besser ein, leasen, lohnt
      """),
    Row(
      .analysis, 4,
      """
      welche option, was spricht, pro und, kontra, bedeuten diese, chancen, vertragsklausel*, fazit, \
      schlussfolger*, schlüsse, unterschiede zwischen, wie beurteilst, swot, rentab*, tabelle, \
      auffälligkeit*, schwachstelle*, vorteil*, zusammenhang*, korrelation*, ursache*, auswirkung*, \
      umsatz*, verkaufszahl*, kennzahl*, daten, statistik*, prognos*, geschäftsplan*, geschäftsidee*, \
      lohnt sich, sollten wir, auffällig*, fällt auf, muster, ausreißer*, gesunken, rückgang*, \
      hypothese*, argument*, positiv oder, sagen diese, aussag*, umfrageergebnis*, schließen, plausib*, \
      stichhaltig*, hältst du, durchrechn*
      """),
    Row(.analysis, 3, "folgen, prüfe"),
    Row(
      .analysis, 2,
      """
      besser, zahlen, quartal*, ergebnis*, umfrage*, kosten, bewertung*, rezension*, investition*, \
      strategie*, vertrag*, sinnvoll, negativ, kritisch*
      """),
    Row(.general, 5, "witz*, rezept*, langweilig, geht es, geht s"),
    Row(
      .general, 4,
      """
      was kannst, wie heißt du, wer bist, was soll, urlaubsziel*, geschenkidee*, gedanken über, buch \
      empfehlen, müde, traurig, reise, abendessen, frühstück, verein, ausmisten, abnehmen, empfiehl*, \
      empfehl*, restaurant*, kochen, wetter, geschenk*, schenken, wochenende, urlaub*, reise nach, bist \
      du, trainingsplan*, film, serie, serien, spiel, spielen, essen, hotel*, ausflug*, namen für, soll \
      ich, fühle, schenk*, wo kann, welches handy, mir geht, alles klar, na wie, nudeln, kuchen, backen, \
      mein tag, kriege ich, bekomme ich, teppich*, fleck*, putzen, reinigen, machen mit, mit kindern, \
      ausflugsziel*, regen machen
      """),
    Row(.general, 2, "tipp, tipps, idee, ideen, heute, abend"),
  ]

  private static let germanLanguageNames: [Row] = {
    let names = [
      "englisch", "französisch", "spanisch", "italienisch", "türkisch", "polnisch", "russisch",
      "niederländisch", "portugiesisch",
      "japanisch", "chinesisch", "koreanisch", "arabisch", "griechisch", "schwedisch", "dänisch",
      "norwegisch", "ukrainisch", "lateinisch",
      "latein", "tschechisch", "ungarisch", "rumänisch", "kroatisch", "hebräisch", "hindi", "finnisch",
      "persisch",
    ]
    func row(_ weight: UInt8, _ entry: (String) -> String) -> Row {
      Row(.translation, weight, names.map(entry).joined(separator: ","))
    }
    return [
      row(2) { "\($0)*" }, row(5) { "auf \($0)" }, row(5) { "ins \($0)e" }, row(3) { "dem \($0)en" },
      row(4) { "\($0)e version" }, row(4) { "\($0)e fassung" },
    ]
  }()
}
