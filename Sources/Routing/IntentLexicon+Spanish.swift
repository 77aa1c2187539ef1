extension IntentLexicon {
  static let spanish: [Row] = spanishWords + spanishLanguageNames

  private static let spanishWords: [Row] = [
    Row(
      .codeGeneration, 5,
      """
      función que, script que, programa que, código que, una regex, programa*, programar, mi código, \
      este código, código*, pruebas unitarias, expresión regular, desarrollador*, refactoriz*, depur*, \
      de datos
      """),
    Row(
      .codeGeneration, 4,
      """
      función, funciones, algoritmo*, compil*, página web, sitio web, aplicación web, error de, mensaje \
      de error, bucle*, archivo csv, fichero csv, da error
      """),
    Row(
      .codeGeneration, 3,
      """
      línea de, interfaz, excepciones, orientada a, tests, recursiv*, clase en, lista enlazada, api, \
      consulta, implement*, error, errores, método, clase java, servidor, script, scripts, formulario, \
      carpeta, excepción*, arreglarlo
      """),
    Row(
      .codeGeneration, 2,
      """
      archivo*, fichero*, variable, tabla, comando, terminal, botón, optimiza*, lista de
      """),
    Row(
      .education, 5,
      """
      explic*, explíc*, explíqu*, expliqu*, enséñame, enseñ*, examen, exámenes, tarea de, deberes, plan \
      de clase, por qué, paso a, diferencia entre, diferencias entre, hacer preguntas, ayúdame a \
      entender, tarjetas de, para qué, quién fue, quién era
      """),
    Row(
      .education, 4,
      """
      de dónde, cómo se forman, cómo se, qué pasa, qué ocurre, en qué año, dónde está, dónde queda, \
      funciona, funcionan, memoriz*, aprendo, clase de, clase sobre, lecciones, qué fue, causas de, qué \
      es, que es, qué son, que son, cómo funciona, cómo funcionan, como funciona, cuál es, cual es, \
      quien fue, quién inventó, quien invento, cuándo fue, resuelv*, ecuación*, aprender, entender, \
      entiendo, lección*, ejercicio*, alumno*, estudiante*, profesor*, teorema*, capital de, quién, \
      cuándo, en qué consiste, cuántos, cuántas, cuáles son, la historia, qué países, quién pintó, quién \
      escribió, cómo surgió, cómo empezó, fundamentos, bases
      """),
    Row(
      .education, 3,
      """
      palabras sencillas, principiante*, concepto*, diferencia, definición, define, calcula*, demuestr*, \
      descubrió, fotosíntesis, quiz, estudiar, inventó, inventado
      """),
    Row(
      .education, 2,
      """
      porcentaje*, átomo*, célula*, cuánto, cuánta, historia de, guerra*, siglo*, revolución, \
      matemática*, física, química, biología, ejemplo*, escuela, planeta*, agujero negro, rey, reina, \
      luna, sol, tierra, energía, países
      """),
    Row(
      .writing, 6,
      """
      carta de, artículo de blog, entrada de, nota de prensa, comunicado de, descripción de producto, \
      reescrib*, reformul*, parafrase*, oferta de, una carta, un poema, un correo, un email, un \
      discurso, un mensaje
      """),
    Row(
      .writing, 5,
      """
      biografía, mejor escrito, más fluido, más convincente, publicación para, post de, post para, \
      disculpa*, condolencias, nota de, correo para, correo a, correo de, carta a, carta formal, email \
      para, redact*, redacción, poema*, poesía*, discurso*, ortografía, ortográfic*, ensayo*, eslogan*, \
      eslóganes, cuento*, relato*, letra de, guion de, guión de, mi currículum, un currículum, \
      gramática, compón*, compon, brindis, haiku
      """),
    Row(
      .writing, 4,
      """
      historias, blog, novela*, diálogo*, canción*, texto para, texto sobre, corrige, corregir, faltas, \
      más formal, más amable, más profesional, invitación*, queja*, reclamación*, mensaje para, \
      anuncio*, felicitación*, titular*, pegadizo, una historia, más educado
      """),
    Row(
      .writing, 3,
      """
      carta, cartas, correo, correos, email, mail, respuesta a, responde a, agradec*, personaje*, trama, \
      fábula*, microrrelato*, mejora, verso*, rima*, escrib*, párrafo*, estilo, formal, título*, \
      creativ*, boda, intro, título y, introducción, fluido, despedirme
      """),
    Row(.writing, 2, "tono, historia"),
    Row(.writing, 1, "artículo*, frase, texto, divertido, emotivo, mensaje"),
    Row(.translation, 6, "traduc*, traduzc*, tradúc*, se dice, se diría"),
    Row(.translation, 5, "decir en, cómo digo, localiz*, nativo diría, idioma*"),
    Row(.translation, 3, "qué significa, que significa, significa, dice en, palabra para, lengua*"),
    Row(.summarization, 6, "resum*, resúm*, sintetiz*, síntesis, sintetic*, condens*"),
    Row(
      .summarization, 5,
      """
      acort*, puntos clave, puntos principales, puntos importantes, ideas principales, ideas clave, más \
      importante, lo esencial, lo principal, grandes rasgos, recapitul*, en pocas, versión corta, más \
      corto, más corta, más breve, abrevi*, en breve, pocas palabras, tres puntos, qué cuenta
      """),
    Row(
      .summarization, 4,
      """
      una frase, tres frases, dos frases, una oración, tres oraciones, viñetas, principales puntos, \
      pocas líneas, conclusiones principales, de qué trata, leer todo, qué dice, dice este
      """),
    Row(
      .summarization, 2,
      """
      este informe, siguiente artículo, siguiente texto, cien palabras, 100 palabras, este artículo, \
      este texto, máximo, breve
      """),
    Row(
      .analysis, 6,
      """
      ventajas y, desventaja*, inconveniente*, pros y, puntos fuertes, puntos débiles, fortalezas, \
      estudio de, analiz*, análisis, compar*, evalú*, evalu*
      """),
    Row(
      .analysis, 5,
      """
      examin*, riesgo*, tendencia*, sentimiento, interpret*, clasific*, categoriz*, diagnostic*, \
      critic*, valora, valorar, debilidades, correlación*, positiva o, positivo o, estim*, investig*, \
      competidor*, competencia
      """),
    Row(
      .analysis, 4,
      """
      a favor, en contra, cuál conviene, cuál es mejor, qué opinas, diferencias de, dafo, foda, retorno \
      de, rentable, coheren*, contradiccion*, es mejor, evidencia*, ventaja*, causas, datos, \
      estadístic*, cifras, ventas, impacto, plan de negocio, previsión*, pronóstic*, anomalía*, \
      hipótesis, vale la, deberíamos, mejor opción, bajado, caída, reseña*, opinión*, rentab*, conviene, \
      conclusion*, negativ*, patrón, patrones, concluir, razonamiento*, puntúa, conclusiones
      """),
    Row(
      .analysis, 2,
      """
      trimestre*, resultado*, encuesta*, costes, costos, inversión*, estrategia*, argumento*, contrato, \
      cláusula*, mejor, oportunidad*, negocio, han bajado
      """),
    Row(.general, 5, "chiste*, receta*, aburrid*, cómo estás, como estas, qué tal, que tal"),
    Row(
      .general, 4,
      """
      quién eres, cómo te, qué sabes, qué puedes, cansad*, itinerario*, visitar, dieta, adelgazar, \
      salir, mascota*, gato, perro, ideas de, quitar una, recom*, recomiend*, recomiénd*, restaurante*, \
      cocinar, regalo*, regalar, fin de, vacaciones, viaje*, tiempo hace, película*, serie, series, \
      eres, hotel*, jugar, juguemos, cenar, cena, comer, esta noche, debería, rutina de, aconséj*, \
      nombre para, quito, quitar, mancha*, limpiar, alfombra, conoces, buena película
      """),
    Row(.general, 2, "idea para, ideas para, alguna idea, consejo*, buen, bueno, triste"),
  ]

  private static let spanishLanguageNames: [Row] = {
    let names = [
      "inglés", "francés", "alemán", "italiano", "portugués", "ruso", "chino", "japonés", "coreano", "árabe",
      "holandés", "neerlandés", "polaco", "turco",
      "griego", "sueco", "español", "castellano", "latín", "hebreo", "catalán", "rumano", "ucraniano",
      "euskera", "gallego", "danés", "mandarín",
    ]
    func row(_ weight: UInt8, _ entry: (String) -> String) -> Row {
      Row(.translation, weight, names.map(entry).joined(separator: ","))
    }
    let hints = names.filter { $0 != "español" && $0 != "latín" }.joined(separator: ",")
    return [
      Row(.translation, 2, hints), row(5) { "en \($0)" }, row(5) { "al \($0)" }, row(3) { "del \($0)" },
      Row(
        .translation, 4,
        "versión inglesa, versión española, versión francesa, versión alemana, versión italiana, versión portuguesa, versión en"
      ),
    ]
  }()
}
