extension IntentLexicon {
  static let french: [Row] = frenchWords + frenchLanguageNames

  private static let frenchWords: [Row] = [
    Row(
      .codeGeneration, 5,
      """
      fonction qui, script qui, programme qui, code qui, une regex, programm*, mon code, ce code, le \
      code, code source, développeur*, refactoris*, tests unitaires, expression régulière, du code, de \
      données, bdd
      """),
    Row(
      .codeGeneration, 4,
      """
      fonction, fonctions, scripte*, requête, requêtes, algorithme*, compil*, débog*, débug*, page html, \
      page web, site web, plantage*, application web, erreur de, message d, bibliothèque python, \
      boucle*, programme plante, ça plante, il plante, plante avec, application plante
      """),
    Row(
      .codeGeneration, 3,
      """
      interface web, ligne de commande, base mysql, exception, orienté objet, variable d, tests, bogue*, \
      erreur, erreurs, implément*, fichier csv, classe java, langage c, méthode, dossier, serveur*, \
      formulaire
      """),
    Row(.codeGeneration, 2, "fichier*, variable, tableau, commande, terminal, bouton, css"),
    Row(
      .education, 5,
      """
      expliqu*, explique*, apprends moi, enseign*, interrog*, devoirs, examen, examens, contrôle de, \
      plan de cours, fiche de, fiches de, pourquoi le, pourquoi la, pourquoi les, pourquoi est, \
      différence entre, c est, étape par, révis*, les bases, à quoi, qui était, qui est
      """),
    Row(
      .education, 4,
      """
      d où vient, comment les, comment le, comment la, que se passe, en quelle année, où se, fonctionne, \
      vulgaris*, qu est ce, mémoris*, apprends, cours de, leçons, pourquoi, comment fonctionne, comment \
      fonctionnent, comment marche, comprendre, comprends, équation*, résou*, qui a, en quelle, quand a, \
      qu est, quelle est, quel est, apprendre, leçon*, cours sur, exercice*, élève*, étudiant*, \
      professeur*, théorème*, capitale de, bac, quiz, que signifie, qu appelle, en quoi, l histoire, \
      bases de, combien de, quels pays, quel pays, comment est, comment ont, comment fut, quand, à \
      quelle
      """),
    Row(
      .education, 3,
      """
      mots simples, débutant*, concept*, notion, notions, différence, définition, définis, définir, \
      calcul*, démontr*, combien, quels sont, quelles sont, inventé, découvert, photosynthèse
      """),
    Row(
      .education, 2,
      """
      pourcentage, atome*, cellule*, histoire de, guerre*, siècle*, révolution, mathématique*, maths, \
      physique, chimie, biologie, comment se, exemple*, école, planète*, trou noir, le roi, reine, \
      planète, lune, soleil, terre, énergie, pays
      """),
    Row(.education, 1, "comment"),
    Row(
      .writing, 6,
      """
      lettre de, article de, communiqué de, fiche produit, description de, reformul*, réécri*, relis, \
      offre d, une lettre, un poème, un courriel, un mail, un e mail, un discours, un message
      """),
    Row(
      .writing, 5,
      """
      mot d, lettre d, mail de, accroches, biographie, mieux écrit, plus fluide, moins familier, plus \
      convaincant, publication linkedin, post linkedin, post instagram, excuses, félicitation*, \
      condoléances, rédig*, rédac*, poème*, poésie*, discours, orthographe, dissertation*, slogan*, \
      nouvelle courte, conte, contes, paroles d, paroles de, scénario de, annonce, cv, curriculum vitae, \
      accroche*, grammaire, faire part, carte de
      """),
    Row(
      .writing, 4,
      """
      écris moi, blog, dialogue*, chanson*, texte pour, texte sur, corrig*, fautes, plus formel, plus \
      poli, plus professionnel, invitation*, réclamation*, newsletter, message pour, message de, haïku*, \
      légende*, un roman, mon roman, compose, composez, une histoire
      """),
    Row(
      .writing, 3,
      """
      lettre*, courriel*, mail, mails, email, e mail, courrier*, réponse à, réponds à, remerci*, bio, \
      personnage*, intrigue, récit*, fable*, histoire, histoires, écri*, paragraphe*, style, formel*, \
      ton plus, plume, titre*, poli, intro, titre et, introduction, fluide, aide moi
      """),
    Row(.writing, 1, "article*, phrase, drôle, texte, émouvant, message"),
    Row(.translation, 6, "tradui*, traduc*, dit on, dis on"),
    Row(
      .translation, 5,
      """
      comment dire, comment dit, langue maternelle, localis*, veut dire, veux dire, on dit, dit t on
      """),
    Row(.translation, 2, "dire en, langue*, mot pour, se dit, vers le, vers l"),
    Row(.summarization, 6, "résum*, synthétis*, condens*, synthèse"),
    Row(
      .summarization, 5,
      """
      raccourc*, points clés, points principaux, points essentiels, idées principales, idées clés, l \
      essentiel, grandes lignes, à retenir, points importants, récapitul*, en bref, compte rendu, \
      version courte, plus court, plus courte, abrég*, quelques mots, quelques points, trois points, \
      raconte ce, ce que raconte, ce que dit
      """),
    Row(
      .summarization, 4,
      """
      une phrase, trois phrases, deux phrases, quelques phrases, puces, aperçu, principaux points, faits \
      saillants, court résumé, quelques lignes, trois lignes, tout lire, que dit, le temps de, dit ce
      """),
    Row(
      .summarization, 2,
      """
      ce rapport, article suivant, texte suivant, cent mots, 100 mots, cet article, ce texte, maximum, \
      bref, brève
      """),
    Row(
      .analysis, 6,
      """
      avantages et, inconvénient*, pour et, points forts, points faibles, étude de, analys*, compar*, \
      évalu*
      """),
    Row(
      .analysis, 5,
      """
      forces et, examin*, étudie, risque*, tendance*, sentiment, interprèt*, interprét*, catégoris*, \
      diagnosti*, critique, faiblesse*, corrélation*, positif ou, estim*, faiblesses, concurrent*
      """),
    Row(
      .analysis, 4,
      """
      pour ou, faut il, lequel, laquelle, que penses, différences entre, swot, retour sur, ressort, \
      écart*, tableau suivant, avantages de, que peut, rentable, pertinen*, cohéren*, contradiction*, \
      préfér*, avantage*, données, statistique*, chiffres, chiffre d, vente, ventes, impact*, \
      conséquences pour, plan d, prévision*, anomalie*, hypothèse*, vaut il, meilleur choix, devrions \
      nous, baissé, baisse, commentaire*, avis, rentab*, négatif, causes possibles, les causes, la \
      cause, classifi*, classez, classe ces, classe les, juge, jugez, conclure, conclusion*, vaut, \
      préférable, pèse, raisonnement*, note ce, note cette
      """),
    Row(
      .analysis, 2,
      """
      trimestre*, résultat*, sondage*, enquête*, coût*, investissement*, stratégie*, argument*, contrat, \
      clause, mieux, opportunité*, contre
      """),
    Row(.general, 5, "blague*, recette*, ennuie, vas tu, ça va"),
    Row(
      .general, 4,
      """
      qui es, comment tu, que sais, que peux, triste, fatigué*, boîte de, idée cadeau, idées cadeaux, \
      itinéraire*, visiter, perdre du, régime, sortir, animal, chat, chien, chiot, recommand*, \
      conseill*, restaurant*, cuisiner, cadeau*, week end, weekend, vacances, voyage*, météo, temps \
      fait, film, films, série, séries, es tu, hôtel*, jouer, jouons, offrir, dîner, manger, ce soir, \
      faire du, prénom*, que faire, entraînement*, enlever, tache, nettoyer, tapis, tu connais, bon \
      film, que porter
      """),
    Row(.general, 2, "idée pour, idées pour, idée, astuce*, conseil, conseils, bon"),
  ]

  private static let frenchLanguageNames: [Row] = {
    let names = [
      "anglais", "allemand", "espagnol", "italien", "portugais", "russe", "chinois", "japonais", "coréen",
      "arabe", "néerlandais", "polonais",
      "turc", "grec", "suédois", "français", "latin", "hébreu", "roumain", "ukrainien", "vietnamien",
      "mandarin", "danois", "hindi", "tchèque",
    ]
    func row(_ weight: UInt8, _ entry: (String) -> String) -> Row {
      Row(.translation, weight, names.map(entry).joined(separator: ","))
    }
    let hints = names.filter { $0 != "français" && $0 != "latin" }.joined(separator: ",")
    return [
      Row(.translation, 2, hints), row(5) { "en \($0)" }, row(4) { "vers \($0)" }, row(3) { "du \($0)" },
      Row(
        .translation, 4,
        "version anglaise, version française, version allemande, version espagnole, version italienne, version portugaise, version chinoise, version arabe, version néerlandaise"
      ),
    ]
  }()
}
